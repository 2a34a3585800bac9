"""The file gate finds what is wrong: a good file is broken in every way that it watches for, and each is found."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from compendium import admitting, composing, preflight, reading
from compendium.chapters import Chapter, Folio, Metadata, Placed, Printed
from compendium.preflight.sheets import Fault, File

from .conftest import PROJECT, QUIET, Desk
from .inspector import Inspector

Break = Callable[[Pdf], Any]


@pytest.fixture(scope="module")
def good(
    finished: Callable[[str], Inspector], tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, Metadata, tuple[str, ...]]:
    """Give a good file, and what it should say of itself."""
    desk = Desk(tmp_path_factory.mktemp("gate") / "project", "every-construct")
    design = reading.read_design(desk.root)
    volume, wording = admitting.checked(desk.root, "every-construct", design, QUIET)
    (edition,) = reading.read_editions(design, ["screen"])
    return finished("every-construct").content, composing.metadata(volume, edition, wording), design.families(None)


# --- Finding one's way ---


def elements(pdf: Pdf, type: str) -> Iterator[Any]:
    """Give the structure elements of a type."""

    def walk(element: Any) -> Iterator[Any]:
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                yield from walk(kid)

    return (element for element in walk(pdf.Root.StructTreeRoot.K[0]) if str(element.S) == f"/{type}")


def one(pdf: Pdf, type: str) -> Any:
    return next(elements(pdf, type))


def link(pdf: Pdf) -> Any:
    return next(note for page in pdf.pages for note in page.obj.get("/Annots", []))


def font(pdf: Pdf) -> Any:
    """Give a font that a page uses."""
    page = next(page for page in pdf.pages if "/Contents" in page.obj)
    used = next(str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Tf"))
    return page.Resources.Font[used]


def draw(pdf: Pdf, content: bytes) -> None:
    """Add operators to the first page."""
    pdf.pages[0].contents_add(content)


def say(pdf: Pdf, old: bytes, new: bytes) -> None:
    """Change words of the metadata packet."""
    packet = pdf.Root.Metadata.read_bytes()
    assert old in packet
    pdf.Root.Metadata.write(packet.replace(old, new))


def letters(pdf: Pdf, text: bytes) -> None:
    """Let a glyph that a page uses stand for other letters."""
    page = next(page for page in pdf.pages if "/Contents" in page.obj)
    name, code = "", b""
    for step in pikepdf.parse_content_stream(page, "Tf TJ"):
        if str(step.operator) == "Tf":
            name = str(step.operands[0])
        elif not code:
            code = bytes(next(part for part in step.operands[0] if isinstance(part, String)))[:2]
            break
    stream = page.Resources.Font[name].ToUnicode
    start = stream.read_bytes().index(b"<" + code.hex().encode() + b">")
    end = stream.read_bytes().index(b"\n", start)
    stream.write(stream.read_bytes()[:start] + b"<" + code.hex().encode() + b"> " + text + stream.read_bytes()[end:])


def unlink_notes(pdf: Pdf) -> None:
    note = one(pdf, "Note")
    note.P.K = Array([kid for kid in note.P.K if not (isinstance(kid, Dictionary) and kid.get("/S") == Name.Reference)])


def nest(pdf: Pdf) -> None:
    outer, inner = list(elements(pdf, "Link"))[:2]
    outer.K.append(inner)


def swap_captions(pdf: Pdf) -> None:
    caption = one(pdf, "Caption")
    caption.P.K = Array([*list(caption.P.K)[1:], caption])


def turn(dictionary: Any, key: str, value: Any) -> Any:
    dictionary[key] = value
    return dictionary


def take(dictionary: Any, key: str) -> Any:
    del dictionary[key]
    return dictionary


def drop_font(pdf: Pdf) -> None:
    del font(pdf).DescendantFonts[0].FontDescriptor["/FontFile2"]


def rename_font(pdf: Pdf) -> None:
    font(pdf).BaseFont = Name("/ABCDEF+Helvetica")


def widen(pdf: Pdf) -> None:
    font(pdf).DescendantFonts[0].W = Array([0, 65535, 123])


def beyond(pdf: Pdf) -> None:
    """Show a glyph that no font of the file has."""
    page = next(page for page in pdf.pages if "/Contents" in page.obj)
    used = next(str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Tf"))
    page.contents_add(f"/Artifact BMC BT {used} 9 Tf <fff0> Tj ET EMC".encode())


def missing(pdf: Pdf) -> None:
    page = next(page for page in pdf.pages if "/Contents" in page.obj)
    used = next(str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Tf"))
    page.contents_add(f"/Artifact BMC BT {used} 9 Tf <0000> Tj ET EMC".encode())


def lose_page(pdf: Pdf) -> None:
    """Let a destination lead to a page that is not in the file."""
    pdf.Root.Names.Dests.Kids[0].Names[1][0] = pdf.make_indirect(Dictionary(Type=Name.Page))


def ids(pdf: Pdf) -> Any:
    return pdf.Root.StructTreeRoot.IDTree.Kids


def keys(pdf: Pdf) -> Any:
    return pdf.Root.StructTreeRoot.ParentTree.Kids


def attachment(pdf: Pdf) -> Any:
    return pdf.Root.Names.EmbeddedFiles.Names[1]


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("1"))


def last_link(pdf: Pdf) -> Any:
    return [note for page in pdf.pages for note in page.obj.get("/Annots", [])][-1]


def show(page: Any, line: bytes) -> None:
    """Show one more line on a page that has text."""
    used = next(iter(page.Resources.Font.keys()))
    page.contents_add(f"/Artifact BMC BT {used} 9 Tf ".encode() + line + b" ET EMC")


def stray(pdf: Pdf) -> None:
    """Let the last destination show its page in a way that there is not."""
    pdf.Root.Names.Dests.Kids[-1].Names[-1][1] = Name.Nowhere


def unlisted(pdf: Pdf) -> Any:
    return Array([pdf.make_indirect(Dictionary(Type=Name.Filespec, UF="a.csv"))])


def first_mark(pdf: Pdf) -> None:
    """Take a piece of text out of the element that holds it."""
    element = next(e for e in elements(pdf, "P") if isinstance(e.K[0], int))
    del element.K[0]


def ids_alike(pdf: Pdf) -> None:
    first, second = list(elements(pdf, "TH"))[:2]
    second.ID = first.ID


FAULTS: list[tuple[str, str, Break]] = [
    (
        "an object refers to a stream that cannot be unpacked",
        "file-syntax",
        lambda p: p.pages[0].Contents.write(b"not packed", filter=Name.FlateDecode),
    ),
    (
        "the identification of PDF/A is another part",
        "a-6.6.4-identification",
        lambda p: say(p, b"<pdfaid:part>3<", b"<pdfaid:part>2<"),
    ),
    (
        "the identification of PDF/A is level B",
        "a-6.6.4-identification",
        lambda p: say(p, b"conformance>A<", b"conformance>B<"),
    ),
    ("PDF/UA is not named", "ua-5-identification", lambda p: say(p, b"<pdfuaid:part>1<", b"<pdfuaid:part>7<")),
    (
        "the schema of PDF/UA is not described",
        "a-6.6.2.3-schema",
        lambda p: say(p, b"namespaceURI>http://www.aiim.org/pdfua", b"namespaceURI>http://example.org"),
    ),
    ("Info has another title than XMP", "a-6.6.3-metadata", lambda p: turn(p.docinfo, "/Title", "Another")),
    ("the packet is no XML", "a-6.6.3-metadata", lambda p: p.Root.Metadata.write(b"<rdf")),
    ("the digest of the sources is gone", "book-matter", lambda p: say(p, b"sha256:", b"md5:")),
    ("viewers show the file's name", "ua-7.1-title", lambda p: take(p.Root, "/ViewerPreferences")),
    ("there is no title", "ua-7.1-title", lambda p: take(p.Root, "/Metadata")),
    ("the language is not said", "ua-7.2-language", lambda p: take(p.Root, "/Lang")),
    ("there is no output intent", "a-6.2.3-intent", lambda p: take(p.Root, "/OutputIntents")),
    (
        "the colour profile is broken",
        "a-6.2.3-intent",
        lambda p: p.Root.OutputIntents[0].DestOutputProfile.write(b"x" * 200),
    ),
    (
        "a colour of the press stands in an sRGB file",
        "a-6-level-b",
        lambda p: draw(p, b"/Artifact BMC 0 0 0 1 k 0 0 9 9 re f EMC"),
    ),
    (
        "a script runs when the file opens",
        "a-6-level-b",
        lambda p: turn(p.Root, "/OpenAction", Dictionary(S=Name.JavaScript, JS="1")),
    ),
    (
        "a script is carried along",
        "book-workshop",
        lambda p: turn(p.Root, "/OpenAction", Dictionary(S=Name.JavaScript, JS="1")),
    ),
    ("a draft is attached", "book-workshop", lambda p: turn(attachment(p), "/UF", "draft.docx")),
    ("an attachment has no type", "a-6.8-attachments", lambda p: take(attachment(p).EF.F, "/Subtype")),
    ("an attachment has no date", "a-6.8-attachments", lambda p: take(attachment(p).EF.F.Params, "/ModDate")),
    ("an attachment has no words", "a-6.8-attachments", lambda p: take(attachment(p), "/Desc")),
    (
        "an attachment has no relation to the book",
        "a-6.8-attachments",
        lambda p: take(attachment(p), "/AFRelationship"),
    ),
    ("the last link carries a script", "a-6-level-b", lambda p: turn(last_link(p), "/A", SCRIPT)),
    ("the last link has a field of its own", "a-6-level-b", lambda p: turn(last_link(p), "/Extra", 1)),
    ("the last link has endless words", "a-6-level-b", lambda p: turn(last_link(p), "/Contents", "x" * 40_000)),
    ("the last destination is of no kind", "a-6-level-b", stray),
    ("a glyph of the last page is not in its font", "a-6-level-b", lambda p: show(p.pages[-1], b"[<fff0>] TJ")),
    ("a line of the last page is half a glyph too long", "a-6-level-b", lambda p: show(p.pages[-1], b"[<00>] TJ")),
    ("a figure has a file that is not listed", "a-6.8-association", lambda p: turn(one(p, "P"), "/AF", unlisted(p))),
    ("attachments belong to nothing", "a-6.8-listed", lambda p: take(p.Root, "/AF")),
    (
        "attachments belong to no figure",
        "a-6.8-association",
        lambda p: [take(f, "/AF") for f in elements(p, "Figure") if "/AF" in f],
    ),
    ("a page is trimmed otherwise", "book-boxes", lambda p: turn(p.pages[1].obj, "/TrimBox", Array([0, 0, 99, 99]))),
    ("pages have no labels", "book-labels", lambda p: take(p.Root, "/PageLabels")),
    ("there is no outline", "book-outline", lambda p: take(p.Root, "/Outlines")),
    ("a bookmark leads nowhere", "book-outline", lambda p: take(p.Root.Outlines.First, "/Dest")),
    ("the outline is closed", "book-opening", lambda p: take(p.Root, "/PageMode")),
    (
        "destinations are out of order",
        "book-destinations",
        lambda p: turn(
            p.Root.Names.Dests, "/Kids", Array([*list(p.Root.Names.Dests.Kids)[1:], p.Root.Names.Dests.Kids[0]])
        ),
    ),
    ("a destination leads to no page", "book-destinations", lose_page),
    ("a link leads to a name that is not there", "book-targets", lambda p: turn(link(p), "/Dest", String("nowhere"))),
    ("a link has no height", "book-reach", lambda p: turn(link(p), "/Rect", Array([90, 90, 120, 90]))),
    ("a comment lies on a page", "ua-7.18.1-annotations", lambda p: turn(link(p), "/Subtype", Name.Text)),
    (
        "the tabulator goes its own way",
        "ua-7.18.3-tab-order",
        lambda p: [take(page.obj, "/Tabs") for page in p.pages if "/Tabs" in page.obj],
    ),
    ("a link is called a paragraph", "ua-7.18.5-link-element", lambda p: turn(one(p, "Link"), "/S", Name.P)),
    ("a link leads back to nothing", "ua-7.18.5-link-element", lambda p: take(link(p), "/StructParent")),
    ("a link says nothing", "ua-7.18.5-link-description", lambda p: take(link(p), "/Contents")),
    ("a link says its address alone", "ua-link-words", lambda p: turn(link(p), "/Contents", link(p).Dest)),
    ("a link lies in another", "ua-link-nesting", nest),
    ("a link is hidden", "a-6.3.2-flags", lambda p: turn(link(p), "/F", 2)),
    ("a font is not embedded", "ua-7.21.4.1-embedded", drop_font),
    ("a font is not the design's", "book-fonts", rename_font),
    ("glyphs do not say their letters", "ua-7.21.7-letters", lambda p: take(font(p), "/ToUnicode")),
    ("a glyph stands for U+0000", "ua-7.21.7-signs", lambda p: letters(p, b"<0000>")),
    ("a glyph stands for a private sign", "ua-private-use", lambda p: letters(p, b"<e001>")),
    ("a sign is missing from its font", "ua-7.21.8-missing", missing),
    ("a glyph is not in the embedded font", "ua-7.21.8-missing", beyond),
    ("widths are not the font's", "ua-7.21.5-widths", widen),
    ("codes lead to no glyphs", "ua-7.21.3-maps", lambda p: take(font(p).DescendantFonts[0], "/CIDToGIDMap")),
    ("an encoding is not in the file", "ua-7.21.3-maps", lambda p: turn(font(p), "/Encoding", Name("/UniGB-UCS2-H"))),
    ("the file does not say that it is tagged", "ua-6.2-marked", lambda p: take(p.Root, "/MarkInfo")),
    ("the tags are called doubtful", "ua-7.1-suspects", lambda p: turn(p.Root.MarkInfo, "/Suspects", True)),
    ("there is no tag tree", "ua-7.1-tree", lambda p: take(p.Root, "/StructTreeRoot")),
    ("something on a page is not tagged", "ua-7.1-tagged", lambda p: draw(p, b"0 0 9 9 re f")),
    (
        "an artifact lies in tagged content",
        "ua-7.1-mixed",
        lambda p: draw(p, b"/P <</MCID 999>> BDC /Artifact BMC EMC EMC"),
    ),
    ("two pieces have one number", "ua-marks-once", lambda p: draw(p, b"/P <</MCID 0>> BDC EMC")),
    ("a piece is heard nowhere", "ua-7.1-heard", first_mark),
    ("an element holds what is not there", "ua-marks-exist", lambda p: one(p, "P").K.append(9999)),
    ("a page is not tied to the tree", "ua-parent-tree", lambda p: take(p.pages[0].obj, "/StructParents")),
    (
        "a page is tied to the elements of another",
        "ua-parent-tree",
        lambda p: turn(p.pages[0].obj, "/StructParents", 3),
    ),
    ("an element leads back to a stranger", "ua-parents", lambda p: turn(one(p, "TR"), "/P", p.Root.StructTreeRoot)),
    (
        "an element names a page that is not there",
        "ua-parents",
        lambda p: turn(one(p, "P"), "/Pg", p.make_indirect(Dictionary(Type=Name.Page))),
    ),
    ("a type is made up", "ua-7.1-types", lambda p: turn(one(p, "P"), "/S", Name.Paragraph)),
    ("an element has no meaning", "ua-meaning", lambda p: turn(one(p, "Sect"), "/S", Name.NonStruct)),
    ("roles are mapped", "ua-meaning", lambda p: turn(p.Root.StructTreeRoot, "/RoleMap", Dictionary(Box=Name.Sect))),
    ("a language is none", "ua-7.2-languages", lambda p: turn(one(p, "P"), "/Lang", "in French")),
    ("two elements have one id", "ua-ids-unique", ids_alike),
    ("ids are not listed", "ua-ids-listed", lambda p: take(p.Root.StructTreeRoot, "/IDTree")),
    ("a case leads to another part", "ua-joined", lambda p: turn(one(p, "Art"), "/P", one(p, "Sect"))),
    ("keys are out of order", "ua-joined", lambda p: keys(p).append(keys(p)[0])),
    ("ids are out of order", "ua-ids-order", lambda p: ids(p).append(ids(p)[0])),
    ("a heading skips a level", "ua-7.4.2-headings", lambda p: turn(one(p, "H2"), "/S", Name.H4)),
    ("a heading is empty", "ua-heading-words", lambda p: turn(one(p, "H2"), "/K", Array())),
    ("a heading has no level", "ua-7.4.4-levels", lambda p: turn(one(p, "H2"), "/S", Name.H)),
    ("a table holds a paragraph", "ua-7.2-holding", lambda p: turn(one(p, "TBody"), "/S", Name.P)),
    ("an item holds text without a body", "ua-7.2-holding", lambda p: turn(one(p, "LBody"), "/S", Name.P)),
    ("a cell lies outside its row", "ua-7.2-lying", lambda p: turn(one(p, "TR"), "/S", Name.Div)),
    ("a line of the contents lies outside them", "ua-7.2-lying", lambda p: turn(one(p, "TOC"), "/S", Name.Sect)),
    ("a caption comes last", "ua-captions", swap_captions),
    ("a table has a head and no body", "ua-7.2-bodies", lambda p: turn(one(p, "THead").P.K[-1], "/S", Name.TFoot)),
    ("a table has no heads", "ua-7.5-heads", lambda p: [turn(cell, "/S", Name.TD) for cell in list(elements(p, "TH"))]),
    ("a head does not say what it heads", "ua-7.5-heads", lambda p: take(one(p, "TH"), "/A")),
    ("a head has no id", "ua-head-ids", lambda p: take(one(p, "TH"), "/ID")),
    ("a row has a cell too many", "ua-7.2-grid", lambda p: one(p, "TR").K.append(one(p, "TD"))),
    ("a list does not say its numbering", "ua-list-numbering", lambda p: take(one(p, "L"), "/A")),
    ("a picture has no words", "ua-7.3-alternates", lambda p: take(one(p, "Figure"), "/Alt")),
    (
        "a picture lies outside its page",
        "ua-7.3-places",
        lambda p: turn(one(p, "Figure").A, "/BBox", Array([0, -900, 10, -800])),
    ),
    ("a picture's words are endless", "a-6.1.13-texts", lambda p: turn(one(p, "Figure"), "/Alt", "x" * 40_000)),
    ("a note has no id", "ua-7.9-notes", lambda p: take(one(p, "Note"), "/ID")),
    ("a note is called nowhere", "ua-note-calls", unlink_notes),
    ("an expansion is empty", "ua-expansions", lambda p: turn(one(p, "P"), "/E", " ")),
]

RAW: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("the file calls itself PDF 2.0", "ua-6.1-header", lambda content: content.replace(b"%PDF-1.7", b"%PDF-2.0", 1)),
    ("the second line is text", "ua-6.1-header", lambda content: content[:9] + b"%text" + content[14:]),
]


def broken(content: bytes, fault: Break, **how: Any) -> bytes:
    with Pdf.open(io.BytesIO(content)) as pdf:
        fault(pdf)
        saved = io.BytesIO()
        pdf.save(saved, **(how or {"deterministic_id": True}))
    return saved.getvalue()


def found(rule: str, content: bytes, good: tuple[bytes, Metadata, tuple[str, ...]]) -> list[Any]:
    file = File(content, good[1], good[2])
    try:
        return list(preflight.RULES[rule](file))
    finally:
        file.pdf.close()


@pytest.mark.parametrize(("name", "rule", "fault"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_a_planted_fault_is_found_by_its_rule(
    good: tuple[bytes, Metadata, tuple[str, ...]], name: str, rule: str, fault: Break
) -> None:
    assert found(rule, broken(good[0], fault), good), name


@pytest.mark.parametrize(("name", "rule", "fault"), RAW, ids=[name for name, _, _ in RAW])
def test_a_fault_in_the_bytes_is_found_by_its_rule(
    good: tuple[bytes, Metadata, tuple[str, ...]], name: str, rule: str, fault: Callable[[bytes], bytes]
) -> None:
    assert found(rule, fault(good[0]), good), name


def test_an_encrypted_file_and_one_without_identifier_are_found(
    good: tuple[bytes, Metadata, tuple[str, ...]],
) -> None:
    locked = broken(good[0], lambda _: None, encryption=pikepdf.Encryption(owner="a", user=""))
    assert found("a-6.1.3-encryption", locked, good)
    nameless = good[0].replace(b"/ID ", b"/Ix ").replace(b"/ID[", b"/Ix[")
    assert found("a-6.1.3-identifier", nameless, good)


def test_every_rule_has_its_planted_fault() -> None:
    planted = {rule for _, rule, _ in FAULTS} | {rule for _, rule, _ in RAW}
    assert set(preflight.RULES) - planted == {"a-6.1.3-encryption", "a-6.1.3-identifier"}
    assert len(FAULTS) + len(RAW) > 80


def test_every_rule_says_what_it_asks_and_which_clause_asks_for_it() -> None:
    for name, rule in preflight.RULES.items():
        assert rule.__doc__, name
        assert "ISO" in rule.__doc__ or "house rule" in rule.__doc__, name
        assert "\n" not in rule.__doc__, name


def test_a_good_file_has_no_findings(good: tuple[bytes, Metadata, tuple[str, ...]]) -> None:
    verdicts = preflight.inspect(File(*good))
    assert [verdict for verdict in verdicts if verdict.findings] == []
    assert len(verdicts) == len(preflight.RULES)


def test_an_edition_that_claims_nothing_is_held_to_the_rules_of_the_house_alone(
    good: tuple[bytes, Metadata, tuple[str, ...]],
) -> None:
    import dataclasses

    plain = dataclasses.replace(good[1], claims=())
    rules = [verdict.rule for verdict in preflight.inspect(File(good[0], plain, good[2]))]
    assert rules == [rule for rule in preflight.RULES if rule.startswith(("book-", "file-"))]


def test_a_finding_names_the_page_and_the_file_of_the_case_that_stands_on_it() -> None:
    def placed(name: str, pages: int, blanks: int) -> Placed:
        chapter = Chapter(name, "body", "next", "", {}, f"cases/x/{name}/case.md")
        return Placed(chapter, Printed(b"", pages, {}, (), ()), Folio("body", 1), blanks)

    faults = Fault(4, "It is wrong.", "Mend it.", (12.3, 40)), Fault(None, "All is wrong.", severe=False)
    verdict = preflight.Verdict("ua-x", "", faults)
    book = [placed("one", 2, 0), placed("two", 2, 1)]
    assert [str(problem).strip() for problem in preflight.problems([verdict], book, "output/x.pdf")] == [
        'cases/x/two/case.md: Page 5 of the PDF ("two"), 12 mm from the left and 40 mm from the top: '
        "It is wrong. [ua-x] Mend it.",
        "output/x.pdf: All is wrong. [ua-x]",
    ]


def test_the_fonts_of_the_project_are_the_only_ones_it_names() -> None:
    families = {path.stem.partition("-")[0] for path in (PROJECT / "styles" / "fonts").glob("*.ttf")}
    assert reading.read_design(PROJECT).families(None) == tuple(sorted(families))

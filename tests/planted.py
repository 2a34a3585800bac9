"""Faults to plant in the well-kept book, one at a time, and all that `check` then says.

A row: the file, what stands in it, what is put in its place, and what is said: `file:line:column | what | cure`,
with `| remark` where it stops nothing.
"""

from __future__ import annotations

QUAY, MILL, PREFACE = "quay/case.md", "mill/case.md", "front/preface.md"
VOLUME, BOATS = "volume.yaml", "quay/boats.csv"

FAULTS: list[tuple[str, str, str, list[str]]] = [
    # YAML that does not parse, or holds what a case file may not
    (
        QUAY,
        "title: The quay",
        "title: Quay: the",
        [
            'quay/case.md:2:12 | This is not readable as YAML: mapping values are not allowed in this context. | Put a text that holds ": " between quotation marks.'
        ],
    ),
    (
        QUAY,
        "title: The quay was built twice",
        'title: "The quay',
        ["quay/case.md:2:8 | This is not readable as YAML: did not find expected key. | Close the quotation mark."],
    ),
    (
        QUAY,
        "themes: [water, roads]",
        "themes: [water, roads",
        [
            "quay/case.md:6:9 | This is not readable as YAML: did not find expected ',' or ']'. | Close the bracket; put a text that holds a comma or a colon between quotation marks."
        ],
    ),
    (
        QUAY,
        "title: The quay was built twice",
        'title: "The quay" twice',
        [
            "quay/case.md:2:19 | This is not readable as YAML: did not find expected key. | Put the whole text between quotation marks, and indent fields that belong together by the same number of spaces."
        ],
    ),
    (
        QUAY,
        "region: north",
        "\tregion: north",
        [
            "quay/case.md:4:1 | This is not readable as YAML: found a tab character that violates indentation. | Indent with spaces."
        ],
    ),
    (
        QUAY,
        "region: north",
        "region: *north",
        [
            "quay/case.md:4:9 | This is not readable as YAML: aliases (*name) are not used here. | Write the text again; put it between quotation marks if it begins with a star."
        ],
    ),
    (
        QUAY,
        "region: north",
        "region: !!python/name:os.system north",
        ["quay/case.md:4:9 | This is not readable as YAML: tags (!…) are not used here. | Leave the tag out."],
    ),
    (
        QUAY,
        "budget_line: Line 12",
        "budget_line: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        [
            "quay/case.md:20:34 | This is not readable as YAML: is nested too deeply. | Write it flat: nothing in these files is more than a few levels deep."
        ],
    ),
    (
        QUAY,
        "summary: A town",
        "summary: \x01A town",
        ["quay/case.md:15:10 | There is an invisible control character here (U+0001). | Take it out."],
    ),
    (
        QUAY,
        "---\ntitle",
        "title",
        [
            'quay/case.md:1:1 | The front matter is missing, or is not closed. | Write the fields between two lines "---" at the beginning of the file.'
        ],
    ),
    (
        QUAY,
        "updated: 2020-02-01\n---\n",
        "updated: 2020-02-01\n",
        [
            'quay/case.md:1:1 | The front matter is missing, or is not closed. | Write the fields between two lines "---" at the beginning of the file.'
        ],
    ),
    # Keys and values of the front matter
    (
        QUAY,
        "region: north",
        "region: north\nregion: north",
        ['quay/case.md:5:1 | "region" stands here twice. | Keep one of them.'],
    ),
    (QUAY, "partners:", "partnrs:", ['quay/case.md:9:1 | "partnrs" is not a field. | Did you mean "partners"?']),
    (QUAY, "region: north", "colour: blue", ['quay/case.md:4:1 | "colour" is not a field. | Did you mean "country"?']),
    (QUAY, "title: The quay was built twice\n", "", ['quay/case.md:2:1 | "title" is missing. | Add it.']),
    (QUAY, "title: The", "titel: The", ['quay/case.md:2:1 | "titel" is not a field. | Did you mean "title"?']),
    (
        QUAY,
        "title: The quay was built twice",
        "title:",
        ['quay/case.md:2:7 | "title" is empty. | Write it; a field that is not needed may be left out.'],
    ),
    (
        QUAY,
        "read: 2020-01-05, title: The log",
        "raed: 2020-01-05, title: The log",
        ['quay/case.md:18:47 | "raed" is not a field. | Did you mean "read"?'],
    ),
    (
        QUAY,
        "currency: USD",
        "currency: dollars",
        [
            'quay/case.md:13:33 | "currency" is not written as it must be. | Write the currency\'s three capital letters, such as USD.'
        ],
    ),
    (
        QUAY,
        "amount: 1500000",
        "amount: lots",
        ['quay/case.md:13:14 | "amount" is not what belongs here. | Write a number, without a sign for thousands.'],
    ),
    (
        QUAY,
        "amount: 1500000, ",
        "",
        [
            'quay/case.md:13:5 | This entry of "cost" needs either "amount", "currency" and "covers", or "not_recorded". | '
        ],
    ),
    (
        QUAY,
        "themes: [water, roads]",
        "themes: water",
        [
            'quay/case.md:6:9 | "themes" is not what belongs here. | Write a list: each item on a line of its own after a dash.'
        ],
    ),
    (
        QUAY,
        "themes: [water, roads]",
        "themes: [water, 7]",
        [
            'quay/case.md:6:17 | This entry of "themes" is not what belongs here. | Write text; put it between quotation marks if it looks like a number or a date.'
        ],
    ),
    (
        QUAY,
        "summary: A town built its quay, lost it, and built it again.",
        "summary: 2011",
        [
            'quay/case.md:15:10 | "summary" is not what belongs here. | Write text; put it between quotation marks if it looks like a number or a date.'
        ],
    ),
    (
        QUAY,
        "country: NO",
        "country: XQ",
        [
            'quay/case.md:3:10 | "XQ" is no country code. | Write its two capital letters (ISO 3166-1), such as AM, or global.'
        ],
    ),
    (
        QUAY,
        "region: north",
        "region: nroth",
        ['quay/case.md:4:9 | "nroth" is not in the volume\'s list. | Did you mean "north"?'],
    ),
    (
        QUAY,
        "kind: lesson",
        "kind: leson",
        ['quay/case.md:5:7 | "leson" is not in the volume\'s list. | Did you mean "lesson"?'],
    ),
    (
        QUAY,
        "themes: [water, roads]",
        "themes: [water, fire]",
        ['quay/case.md:6:17 | "fire" is not in the volume\'s list. | Write one of: water, roads.'],
    ),
    (
        QUAY,
        "constraints: [money]",
        "constraints: [mony]",
        ['quay/case.md:7:15 | "mony" is not in the volume\'s list. | Did you mean "money"?'],
    ),
    (
        QUAY,
        "period: 2009–2012",
        "period: soon",
        ['quay/case.md:8:9 | "period" is no period. | Write "2008–2015" or "2011".'],
    ),
    (
        QUAY,
        "period: 2009–2012",
        "period: 2012–2009",
        ['quay/case.md:8:9 | "period" ends before it begins. | Write "2009–2012".'],
    ),
    (
        QUAY,
        "status: approved\n",
        "status: done\n",
        ['quay/case.md:25:9 | "status" cannot be "done". | Write one of: proposed, in-review, edited, approved.'],
    ),
    (
        QUAY,
        "approved_on: 2020-02-01",
        "approved_on: 2020-02-30",
        ["quay/case.md:27:14 | There is no day 2020-02-30. | Look it up in a calendar."],
    ),
    (
        QUAY,
        "updated: 2020-02-01",
        "updated: yesterday",
        ['quay/case.md:28:10 | "updated" is not what belongs here. | Write a date such as 2011-09-05.'],
    ),
    (
        QUAY,
        "updated: 2020-02-01",
        "updated: 2020-02-02",
        [
            "quay/case.md:28:10 | The case was changed after it was approved. | Have it approved again, or correct the date. | remark"
        ],
    ),
    (
        QUAY,
        "approved_by: Test press\n",
        "",
        ['quay/case.md:25:9 | The case is approved, but "approved_by" is missing. | Say who approved, and when.'],
    ),
    (
        QUAY,
        "date: 2011-09",
        "date: 2011-13",
        ['quay/case.md:18:87 | "date" is a day that does not exist. | Look it up in a calendar.'],
    ),
    (
        QUAY,
        "date: 2011-09",
        "date: 2020-09",
        ["quay/case.md:18:53 | The source was read before its own date. | Correct one of them."],
    ),
    (
        QUAY,
        'url: "https://example.org/map"',
        "url: example.org/map",
        ['quay/case.md:19:20 | "url" is no web address. | It begins with http:// or https://.'],
    ),
    (
        QUAY,
        "budget_line: Line 12",
        '  - {id: log, url: "https://example.org/two", read: 2020-01-05}\nbudget_line: Line 12',
        ['quay/case.md:20:10 | Two sources have the id "log". | Give each its own.'],
    ),
    (
        QUAY,
        "budget_line: Line 12",
        "fields: {a: b}\nbudget_line: Line 12",
        ['quay/case.md:20:1 | "fields" is not a field. | Write the volume\'s own fields beside the others.'],
    ),
    (
        QUAY,
        "offices: [Harbour office]",
        "offices: []",
        ['quay/case.md:10:10 | "offices" is empty. | Write it; a field that is not needed may be left out.'],
    ),
    (
        QUAY,
        "  - {amount: 1500000, currency: USD, covers: stone and rope, source: log}\n  - not_recorded: the work of the volunteers\n",
        "  []\n",
        ['quay/case.md:13:3 | "cost" is empty. | Write it; a field that is not needed may be left out.'],
    ),
    (QUAY, "source: log}", "source: lgo}", ['quay/case.md:13:70 | There is no source "lgo". | Did you mean "log"?']),
    (
        QUAY,
        "budget_line: Line 12\n",
        "",
        ['quay/case.md:2:1 | "budget_line" is missing. | Add it: this volume asks for it.'],
    ),
    (QUAY, "people: 125", "people: many", ['quay/case.md:21:9 | "people" is not what belongs here. | Write a number.']),
    (
        QUAY,
        "began: 2009-05-01",
        "began: 2009-02-30",
        ["quay/case.md:22:8 | There is no day 2009-02-30. | Look it up in a calendar."],
    ),
    (
        QUAY,
        "tools: [spade, rope]",
        "tools: spade",
        ['quay/case.md:23:8 | "tools" is not what belongs here. | Write a list of texts.'],
    ),
    (
        QUAY,
        "page: https://example.org/page",
        "page: example",
        ['quay/case.md:24:7 | "page" is not what belongs here. | Write a web address.'],
    ),
    # The opener's picture
    (
        QUAY,
        "image: {file: quay.jpg, alt: A drawing of a quay., ",
        "image: {file: quay.jpg, ",
        ['quay/case.md:16:8 | "alt" is missing. | Add it.'],
    ),
    (
        QUAY,
        "rights: CC0}",
        "rights: CC0, persons: true}",
        [
            'quay/case.md:16:8 | "image" shows persons, and "consent" is missing. | Say who agreed, and where that is kept.'
        ],
    ),
    (
        QUAY,
        "file: quay.jpg",
        "file: https://example.org/quay.jpg",
        [
            'quay/case.md:16:15 | "file" is not written as it must be. | Write the name of a file beside the case: letters, figures, hyphens, no address and no folder.'
        ],
    ),
    (
        QUAY,
        "file: quay.jpg",
        "file: key.jpg",
        ['quay/case.md:16:15 | There is no picture "key.jpg" beside the case. | Put it there, as JPEG or PNG.'],
    ),
    # volume.yaml
    (
        VOLUME,
        "978-3-16-148410-0",
        "978-3-16-148410-1",
        ['volume.yaml:12:9 | "isbn" has a slip in it. | With these figures its last would be "0".'],
    ),
    (
        VOLUME,
        "978-3-16-148410-0",
        "978-3-16-148410",
        ['volume.yaml:12:9 | "isbn" is no ISBN. | It has 13 figures, the first of them 978 or 979, or 10.'],
    ),
    (
        VOLUME,
        "0-306-40615-2",
        "0-306-40615-X",
        ['volume.yaml:13:10 | "eisbn" has a slip in it. | With these figures its last would be "2".'],
    ),
    (
        VOLUME,
        "0378-5955",
        "0378-5956",
        ['volume.yaml:14:9 | "issn" has a slip in it. | With these figures its last would be "5".'],
    ),
    (
        VOLUME,
        "10.5555/12345678",
        "https://doi.org/10.5555/12345678",
        ['volume.yaml:15:8 | "doi" is no DOI. | It is written 10.5555/12345678, without an address before it.'],
    ),
    (
        VOLUME,
        "language: en",
        "language: english",
        [
            'volume.yaml:5:11 | "language" is not written as it must be. | Write the language\'s code, such as en or en-GB.'
        ],
    ),
    (
        VOLUME,
        "language: en",
        "language: tlh",
        [
            'volume.yaml:5:11 | There are no words in the language "tlh". | Add layouts/words/tlh.yaml, or write one of: en, fr.'
        ],
    ),
    (
        VOLUME,
        "texts: sample",
        "texts: sampel",
        [
            'volume.yaml:6:38 | The publisher "sampel" has no texts in the language "en". | Add layouts/publishers/sampel/en.yaml. Did you mean "sample"?'
        ],
    ),
    (
        VOLUME,
        "cases: [quay, mill]",
        "cases: [quay, mill, quay]",
        ['volume.yaml:38:25 | "quay" is placed twice. | Keep one of the places.'],
    ),
    (
        VOLUME,
        "cases: [quay, mill]",
        "cases: [quay, mil]",
        ['volume.yaml:38:19 | There is no case "mil" beside volume.yaml. | Did you mean "mill"?'],
    ),
    (
        VOLUME,
        "held:\n  - {case: well, reason: The office has not answered.}\n",
        "",
        [
            "well/case.md | The case is neither placed nor held back. | Put it into a part in volume.yaml, or under held: with a reason."
        ],
    ),
    (
        VOLUME,
        "  - {case: well,",
        "  - {case: mill, reason: To be read.}\n  - {case: well,",
        ['volume.yaml:41:12 | "mill" is placed twice. | Keep one of the places.'],
    ),
    (
        VOLUME,
        "cases: [quay, mill]\nback: [acronyms, index-of-cases]\nheld:\n  - {case: well, reason: The office has not answered.}",
        "cases: [quay, mill, well]\nback: [acronyms, index-of-cases]",
        [
            'well/case.md:15:9 | The case is "edited", and may not be printed in: light, offprints, screen, print. | Approve it, or move it under held: in volume.yaml, with a reason.'
        ],
    ),
    (
        VOLUME,
        "back: [acronyms, index-of-cases]",
        "back: [acronyms, index-of-case]",
        ['volume.yaml:39:18 | There is no page "index-of-case". | Did you mean "index-of-cases"?'],
    ),
    (
        VOLUME,
        "front: [cover, contents, preface]",
        "front: [cover, contents, preface, cover]",
        ['volume.yaml:35:35 | "cover" is listed twice. | Keep one of them.'],
    ),
    (
        VOLUME,
        "  - {key: people",
        "  - {key: period, type: text, label: Period}\n  - {key: people",
        ['volume.yaml:31:11 | Every case has a field "period" already. | Give yours another key.'],
    ),
    (
        VOLUME,
        "  - {key: people",
        "  - {key: tools, type: list, label: Tools}\n  - {key: people",
        ['volume.yaml:34:11 | Two fields have the key "tools". | Give each its own.'],
    ),
    (
        VOLUME,
        "known_acronyms: [UN]",
        "known_acronyms: []",
        [
            'quay/case.md:35:5 | The acronym "UN" is explained nowhere. | Add a line *[UN]: and what it means, or name it in known_acronyms in volume.yaml.'
        ],
    ),
    (
        VOLUME,
        "known_acronyms: [UN]",
        "known_acronyms: UN",
        [
            'volume.yaml:22:17 | "known_acronyms" is not what belongs here. | Write a list: each item on a line of its own after a dash.'
        ],
    ),
    (
        VOLUME,
        "kinds:\n",
        "kinds: lesson\nkind:\n",
        [
            'volume.yaml:16:8 | "kinds" is not what belongs here. | Write "name: value" lines, indented.',
            'volume.yaml:17:1 | "kind" is not a field. | Did you mean "kinds"?',
        ],
    ),
    (
        VOLUME,
        "number: 3",
        "number: 3: two",
        [
            'volume.yaml:2:10 | This is not readable as YAML: mapping values are not allowed in this context. | Put a text that holds ": " between quotation marks.'
        ],
    ),
    (
        VOLUME,
        "number: 3",
        "number: 3\n---",
        ['volume.yaml:3:1 | This is not readable as YAML: a second document begins with "---". | Take the line out.'],
    ),
    (
        VOLUME,
        "type: number",
        "type: numeral",
        ['volume.yaml:31:25 | "type" cannot be "numeral". | Did you mean "number"?'],
    ),
    (
        VOLUME,
        "kinds:\n  lesson:",
        "kinds:\n  Lesson:",
        ['volume.yaml:17:3 | "Lesson" cannot be a name here. | Use small letters, figures and hyphens.'],
    ),
    (
        VOLUME,
        "date: 2020-02-29",
        "date: 2019-02-29",
        ["volume.yaml:4:7 | There is no day 2019-02-29. | Look it up in a calendar."],
    ),
    (VOLUME, "sections:", "sectons:", ['volume.yaml:25:1 | "sectons" is not a field. | Did you mean "sections"?']),
    # Sections and headings
    (
        QUAY,
        "## Story",
        "## Storey",
        ['quay/case.md:43:4 | The volume has no section "Storey". | Did you mean "Story"?'],
    ),
    (
        QUAY,
        "## Story",
        "## Story\n\nAgain.\n\n## Story",
        ['quay/case.md:47:4 | The section "Story" stands here twice. | Make one of the two.'],
    ),
    (
        MILL,
        "## Story\n\nThe HUG of the mill never met.\n\n*[HUG]: harbour users' group\n",
        "",
        ['mill/case.md | The section "Story" is missing. | Add a heading "## Story" and its text.'],
    ),
    (
        MILL,
        "The HUG of the mill never met.\n\n*[HUG]: harbour users' group\n",
        "",
        ['mill/case.md:30:4 | The section "Story" is empty. | Write it, or take the heading out.'],
    ),
    (
        MILL,
        "## Issue\n",
        "## Tale\n",
        [
            'mill/case.md | The section "Issue" is missing. | Add a heading "## Issue" and its text.',
            'mill/case.md:21:4 | The volume has no section "Tale". | Write one of: Issue, Story, Limits.',
        ],
    ),
    (
        MILL,
        "## Issue",
        "Before.\n\n## Issue",
        ['mill/case.md:21:1 | There is text before the first section. | Put a heading "## …" before it.'],
    ),
    (
        QUAY,
        "### The second quay",
        "#### The second quay",
        ['quay/case.md:47:1 | The heading skips a level. | Begin it with "### ".'],
    ),
    (
        QUAY,
        "### The second quay",
        "### The first quay\n\n### The second quay",
        ["quay/case.md:47:1 | Nothing stands under this heading. | Write it, or take the heading out."],
    ),
    # References and links
    (
        QUAY,
        "[mill](case:mill)",
        "[mill](case:mil)",
        ['quay/case.md:35:36 | There is no case "mil" in the book. | Did you mean "mill"?'],
    ),
    (
        QUAY,
        "[mill](case:mill)",
        "[mill](case:well)",
        ['quay/case.md:35:36 | There is no case "well" in the book. | Write one of: mill, quay.'],
    ),
    (
        QUAY,
        "(figure:boats)",
        "(figure:boat)",
        ['quay/case.md:35:60 | There is no figure or table "boat" in this case. | Did you mean "boats"?'],
    ),
    (
        QUAY,
        "(figure:mill/levels)",
        "(figure:mill/level)",
        ['quay/case.md:35:91 | There is no figure or table "level" in the case "mill". | Did you mean "levels"?'],
    ),
    (
        QUAY,
        "(figure:mill/levels)",
        "(figure:mil/levels)",
        ['quay/case.md:35:91 | There is no case "mil" in the book. | Did you mean "mill"?'],
    ),
    (
        QUAY,
        "[mill](case:mill)",
        "[mill](mill.html)",
        ['quay/case.md:35:36 | "mill.html" leads nowhere. | Link to case:… or a web address.'],
    ),
    (
        QUAY,
        "[mill](case:mill)",
        "[click here](case:mill)",
        [
            'quay/case.md:35:30 | The words "click here" do not say where the link leads. | Say where it leads: a reader may hear the link alone.'
        ],
    ),
    (
        QUAY,
        "[mill](case:mill)",
        "<https://example.org/mill>",
        ["quay/case.md:35:30 | The words of this link are an address. | Write [words](address)."],
    ),
    (
        QUAY,
        "[mill](case:mill)",
        "[](case:mill)",
        ["quay/case.md:35:29 | The link has no words. | Say between the brackets where it leads."],
    ),
    # Sources, and figures that want one
    (
        QUAY,
        "used it.[@log]",
        "used it.[@lgo]",
        ['quay/case.md:33:48 | There is no source "lgo". | Did you mean "log"?'],
    ),
    (
        QUAY,
        'source="[@map]"',
        'source="[@mop]"',
        ['quay/case.md:37:45 | There is no source "mop". | Did you mean "map"?'],
    ),
    (
        QUAY,
        'source: "The log[@log]"',
        'source: "The log[@lag]"',
        ['quay/case.md:70:19 | There is no source "lag". | Did you mean "log"?'],
    ),
    (
        QUAY,
        'source="[@map]"',
        'source="The map"',
        ['quay/case.md:19:10 | The source "map" is cited nowhere. | Cite it, or take it out.'],
    ),
    (
        QUAY,
        "used it.[@log]",
        "used it.",
        ['quay/case.md:33:29 | A figure without a source: "40". | Cite its source: [@id].'],
    ),
    (
        QUAY,
        "The last word.",
        "By 2019 it was gone.",
        ['quay/case.md:76:4 | A figure without a source: "2019". | Cite its source: [@id].'],
    ),
    (
        QUAY,
        "The last word.",
        "A rise of 7 per cent.",
        ['quay/case.md:76:11 | A figure without a source: "7 per cent". | Cite its source: [@id].'],
    ),
    (
        QUAY,
        "The last word.",
        "A rise since 2010 of 10 per\ncent.",
        ['quay/case.md:76:22 | A figure without a source: "10 per cent". | Cite its source: [@id].'],
    ),
    (
        QUAY,
        "The last word.",
        "A *rise* of US$1.7 (7%).",
        ['quay/case.md:76:16 | A figure without a source: "1.7". | Cite its source: [@id].'],
    ),
    (
        QUAY,
        "The last word.",
        "Nothing was said of UNESCO and of NGOs.",
        [
            'quay/case.md:76:21 | The acronym "UNESCO" is explained nowhere. | Add a line *[UNESCO]: and what it means, or name it in known_acronyms in volume.yaml.',
            'quay/case.md:76:35 | The acronym "NGO" is explained nowhere. | Add a line *[NGO]: and what it means, or name it in known_acronyms in volume.yaml.',
        ],
    ),
    (
        QUAY,
        "The last word.",
        "On 12 May 2011 it cost 1,500 crowns.",
        ['quay/case.md:76:24 | A figure without a source: "1,500". | Cite its source: [@id].'],
    ),
    # Notes
    (
        QUAY,
        "It fell.[^fall]",
        "It fell.[^rise][^fall]",
        ['quay/case.md:45:11 | There is no note "rise". | Add a line "[^rise]: …" at the end.'],
    ),
    (
        QUAY,
        "It fell.[^fall]",
        "It fell.",
        ['quay/case.md:78:3 | The note "fall" is called nowhere. | Call it with [^fall], or take it out.'],
    ),
    (
        QUAY,
        "[^fall]: In a storm.[@log]",
        "[^fall]: In a storm.[@log]\n[^fall]: At night.",
        ['quay/case.md:79:3 | The note "fall" is written twice. | Give one another label.'],
    ),
    # Acronyms
    (
        QUAY,
        "The last word.",
        "The OECD said it, and the OECD was right.",
        [
            'quay/case.md:76:5 | The acronym "OECD" is explained nowhere. | Add a line *[OECD]: and what it means, or name it in known_acronyms in volume.yaml.'
        ],
    ),
    (
        QUAY,
        "*[HUG]: harbour users' group",
        "*[HUG]: harbour users' group\n*[HUG]: harbour users' group",
        ['quay/case.md:81:3 | The acronym "HUG" is explained twice. | Keep one of the lines.'],
    ),
    (
        QUAY,
        "Nobody asked why.",
        "The harbour users' group (HUG) asked why.",
        ['quay/case.md:45:42 | The acronym "HUG" is explained again here. | Write the acronym alone.'],
    ),
    (
        MILL,
        "*[HUG]: harbour users' group",
        "*[HUG]: a hug",
        [
            'mill/case.md:34:3 | "HUG" means something else in cases/well-kept/quay/case.md: harbour users\' group. | Use one meaning, or write one of them out.'
        ],
    ),
    # Tables
    (
        QUAY,
        "|------|-------:|\n",
        "",
        ["quay/case.md:38:1 | The table has no head. | Write a line |---|---| below the names of its columns."],
    ),
    (
        QUAY,
        "| Year | Stones |\n",
        "",
        ["quay/case.md:38:1 | The table has no head. | Name its columns in a line above this one."],
    ),
    (QUAY, "| Year | Stones |", "| | |", ["quay/case.md:38:1 | The table has no head. | Name its columns."]),
    (
        QUAY,
        "|------|-------:|",
        "|------|",
        ["quay/case.md:38:1 | The line below the head has 1 cell, the head has 2. | Write |---|---| there."],
    ),
    (
        QUAY,
        "| 2010 | 30 |",
        "| 2010 |",
        [
            "quay/case.md:41:1 | This row has 1 cell, the head has 2. | Part all cells by bars, empty ones too; leave an empty line below the table."
        ],
    ),
    (
        QUAY,
        "| 2010 | 30 |",
        "| 2010 | 30 | 40 |",
        [
            "quay/case.md:41:1 | This row has 3 cells, the head has 2. | Part all cells by bars, empty ones too; leave an empty line below the table."
        ],
    ),
    (
        QUAY,
        "| 2010 | 30 |",
        "| 2010 | 30 |\nText without an empty line.",
        [
            "quay/case.md:42:1 | This row has 1 cell, the head has 2. | Part all cells by bars, empty ones too; leave an empty line below the table."
        ],
    ),
    # Ids and attributes
    (
        QUAY,
        "#pier",
        "#stones",
        ['quay/case.md:59:35 | The id "stones" stands here twice. | Give each figure and table its own.'],
    ),
    (
        QUAY,
        "#pier",
        "#issue",
        ['quay/case.md:59:35 | The id "issue" is one that the book makes itself. | Give it another name.'],
    ),
    (
        QUAY,
        "{#stones",
        "{#Stones",
        ['quay/case.md:37:2 | "Stones" is no id. | Use small letters, figures and hyphens.'],
    ),
    (
        QUAY,
        '{keep="with next"}',
        '{keep="with nxt"}',
        ['quay/case.md:75:2 | "keep=with nxt" is no hint. | Did you mean "with next"?'],
    ),
    (
        QUAY,
        '{keep="with next"}',
        '{caption="Words"}',
        ['quay/case.md:75:2 | "caption" does nothing here. | Write one of: keep, place, set.'],
    ),
    (
        QUAY,
        '{index="quays"}',
        "{.big}",
        ['quay/case.md:33:102 | "class" does nothing here. | Write one of: index, lang.'],
    ),
    (
        QUAY,
        "#pier",
        "#term-1",
        ['quay/case.md:59:35 | The id "term-1" is one that the book makes itself. | Give it another name.'],
    ),
    (
        QUAY,
        '{keep="with next"}',
        '{kepe="with next"}',
        ['quay/case.md:75:2 | "kepe" does nothing here. | Did you mean "keep"?'],
    ),
    (
        QUAY,
        '{index="quays"}',
        '{index=" "}',
        ['quay/case.md:33:102 | The index term has no words. | Write the entry: {index="cash transfers"}.'],
    ),
    (
        QUAY,
        '{index="quays"}',
        '{indx="quays"}',
        ['quay/case.md:33:102 | "indx" does nothing here. | Did you mean "index"?'],
    ),
    (
        QUAY,
        '{index="quays"}',
        '{index="quays}',
        [
            "quay/case.md:33:101 | This cannot be understood, and would be printed as it is. | Look for a missing quotation mark; {…} stands directly behind ] or ), or on a line of its own."
        ],
    ),
    (
        QUAY,
        '{#stones caption="Stones by year" source="[@map]"}',
        '{#stones caption="Stones by year source="[@map]"}',
        [
            "quay/case.md:37:1 | This cannot be understood, and would be printed as it is. | Look for a missing quotation mark; {…} stands directly behind ] or ), or on a line of its own."
        ],
    ),
    (
        QUAY,
        '{keep="with next"}\nThe last word.\n',
        'The last word.\n\n{keep="with next"}\n',
        ["quay/case.md:77:1 | There is nothing below this line that it could be about. | Put it directly above."],
    ),
    # Boxes, quotes and fences
    (QUAY, "::: box Why", "::: bix Why", ['quay/case.md:55:5 | There is no "::: bix". | Did you mean "box"?']),
    (
        QUAY,
        "Wood rots.\n:::",
        "Wood rots.",
        ["quay/case.md:55:1 | The box is never closed. | Write a line ::: below it."],
    ),
    (
        QUAY,
        "Stone stays.\n:::",
        "Stone stays.",
        ["quay/case.md:51:1 | The quote is never closed. | Write a line ::: below it."],
    ),
    (
        QUAY,
        "The last word.",
        "The last word.\n\n:::",
        ["quay/case.md:78:1 | Nothing is open that ::: could close. | Take it out."],
    ),
    (
        QUAY,
        "break: 2010\n```",
        "break: 2010",
        ["quay/case.md:61:1 | The chart is never closed. | Write a line ``` below it."],
    ),
    (
        QUAY,
        "Nobody asked why.",
        "Nobody asked why.\n\n```\nraw",
        ["quay/case.md:47:1 | The block of code is never closed. | Write a line ``` below it."],
    ),
    # Pictures in the text
    (
        QUAY,
        "![A pier with a crane.]",
        "![]",
        [
            'quay/case.md:59:1 | The picture "pier.png" has no alternative text. | Say between the brackets ![…] what one sees.'
        ],
    ),
    (
        QUAY,
        ' caption="The pier"',
        "",
        ['quay/case.md:59:25 | The picture "pier.png" has no caption. | Add {caption="…"} behind it.'],
    ),
    (
        QUAY,
        ' credit="Test press"',
        "",
        ['quay/case.md:59:25 | The picture "pier.png" has no credit. | Add {credit="…"} behind it.'],
    ),
    (
        QUAY,
        ' rights="CC0" persons',
        " persons",
        ['quay/case.md:59:25 | The picture "pier.png" has no rights. | Add {rights="…"} behind it.'],
    ),
    (
        QUAY,
        ' consent="Signed; with the office."',
        "",
        [
            'quay/case.md:59:93 | The picture "pier.png" shows persons, and has no consent. | Add {consent="…"}: who agreed, and where that is kept.'
        ],
    ),
    (
        QUAY,
        'persons="true"',
        'persons="yes"',
        ['quay/case.md:59:93 | "persons" cannot be "yes". | Write true or false.'],
    ),
    (
        QUAY,
        "(pier.png)",
        "(peer.png)",
        ['quay/case.md:59:25 | There is no picture "peer.png" beside the case. | Put it there, as JPEG or PNG.'],
    ),
    (
        QUAY,
        "(pier.png)",
        "(https://example.org/pier.png)",
        [
            'quay/case.md:59:25 | There is no picture "https://example.org/pier.png" beside the case. | Put it there, as JPEG or PNG.'
        ],
    ),
    (
        QUAY,
        "The last word.",
        "The ![last](pier.png) word.",
        ["quay/case.md:76:5 | The picture stands inside a line. | Give it a paragraph of its own."],
    ),
    # Charts
    (
        QUAY,
        "type: line",
        "type: pie",
        ['quay/case.md:63:7 | "type" cannot be "pie". | Write one of: line, bar, dot, slope, multiples.'],
    ),
    (
        QUAY,
        "x: year",
        "colour: red\nx: year",
        [
            'quay/case.md:65:1 | "colour" is not a field. | Write one of: id, type, data, x, y, series, unit, title, source, alt, break.'
        ],
    ),
    (QUAY, "x: year", "x: yaer", ['quay/case.md:65:4 | boats.csv has no column "yaer". | Did you mean "year"?']),
    (
        QUAY,
        "series: place",
        "series: palce",
        ['quay/case.md:67:9 | boats.csv has no column "palce". | Did you mean "place"?'],
    ),
    (
        QUAY,
        "type: line\ndata: boats.csv\nx: year\ny: boats\nseries: place",
        "type: slope\ndata: boats.csv\nx: year\ny: boats",
        ['quay/case.md:63:7 | A chart of the type "slope" needs "series". | Add it: a column of the CSV.'],
    ),
    (
        QUAY,
        "data: boats.csv",
        "data: https://example.org/boats.csv",
        [
            'quay/case.md:64:7 | "data" is not written as it must be. | Write the name of a file beside the case: letters, figures, hyphens, no address and no folder.'
        ],
    ),
    (
        QUAY,
        "data: boats.csv",
        "data: {url: 'https://example.org/boats.json'}",
        [
            'quay/case.md:64:7 | "data" is not what belongs here. | Write text; put it between quotation marks if it looks like a number or a date.'
        ],
    ),
    (
        QUAY,
        "data: boats.csv",
        "data: ../mill/boats.csv",
        [
            'quay/case.md:64:7 | "data" is not written as it must be. | Write the name of a file beside the case: letters, figures, hyphens, no address and no folder.'
        ],
    ),
    (
        QUAY,
        "data: boats.csv",
        "data: ships.csv",
        ['quay/case.md:64:7 | There is no file "ships.csv" beside the case. | Put the CSV there.'],
    ),
    (
        QUAY,
        "break: 2010",
        "break: 2013",
        [
            'quay/case.md:72:8 | boats.csv has no "2013" in the column "year". | Write the last value of "year" before the break.'
        ],
    ),
    (QUAY, "alt: Two lines, both rising.\n", "", ['quay/case.md:62:1 | "alt" is missing. | Add it.']),
    (
        QUAY,
        "unit: boats",
        "unit: [boats]",
        [
            'quay/case.md:68:7 | "unit" is not what belongs here. | Write text; put it between quotation marks if it looks like a number or a date.'
        ],
    ),
    (
        QUAY,
        "title: More boats came",
        "title: More: boats",
        [
            'quay/case.md:69:12 | This is not readable as YAML: mapping values are not allowed in this context. | Put a text that holds ": " between quotation marks.'
        ],
    ),
    (
        QUAY,
        "id: boats",
        "id: Boats",
        ['quay/case.md:62:5 | "id" is not written as it must be. | Use small letters, figures and hyphens.'],
    ),
    # CSV files
    (
        BOATS,
        "2010,north,12",
        "2010,north,twelve",
        [
            'quay/boats.csv:3:12 | "twelve" in the column "boats" is no number. | Write digits with a decimal point, or leave the cell empty.'
        ],
    ),
    (
        BOATS,
        '2010,"south, old",30',
        '2010,"south, old",3 0',
        [
            'quay/boats.csv:4:19 | "3 0" in the column "boats" is no number. | Write digits with a decimal point, or leave the cell empty.'
        ],
    ),
    (
        BOATS,
        "2011,north,15.5",
        "2011,north",
        [
            "quay/boats.csv:5:1 | This row has 2 cells, the head has 3. | Give every row the same number of cells as the head; put a text with a comma in quotes."
        ],
    ),
    (
        BOATS,
        "year,place,boats",
        "year,year,boats",
        ['quay/boats.csv:1:6 | Two columns have the name "year". | Give each column a name of its own.'],
    ),
    (
        BOATS,
        "year,place,boats",
        "year,place,boats,",
        ["quay/boats.csv:1:18 | This column has no name. | Give each column a name of its own."],
    ),
    (
        BOATS,
        '2011,"south, old",',
        '2011,"south, old,',
        [
            "quay/boats.csv:6:1 | This is not readable as CSV: unexpected end of data. | Look for a quotation mark that is not closed."
        ],
    ),
    (
        BOATS,
        '2009,north,10\n2010,north,12\n2010,"south, old",30\n2011,north,15.5\n2011,"south, old",\n',
        "",
        ["quay/boats.csv | There are no rows below the head. | Write the numbers there, a row in a line."],
    ),
    (
        BOATS,
        "year,place,boats",
        "year;place;boats",
        [
            "quay/boats.csv:1:1 | The cells are parted by semicolons. | Part the cells by commas; numbers have a decimal point."
        ],
    ),
    # Front and back matter
    (
        PREFACE,
        "# Preface",
        "Preface",
        ['front/preface.md:1:1 | The text has no title. | Begin it with a line "# Title".'],
    ),
    (
        PREFACE,
        "## Thanks",
        "# Thanks",
        ['front/preface.md:5:1 | The text has a second title. | Begin the heading with "## ".'],
    ),
    (PREFACE, "## Thanks", "### Thanks", ['front/preface.md:5:1 | The heading skips a level. | Begin it with "## ".']),
    (
        PREFACE,
        "(case:quay)",
        "(case:quai)",
        ['front/preface.md:3:35 | There is no case "quai" in the book. | Did you mean "quay"?'],
    ),
    (
        PREFACE,
        "(case:quay)",
        "(figure:boats)",
        ['front/preface.md:3:35 | "figure:boats" leads nowhere. | Link to case:… or a web address.'],
    ),
    (
        PREFACE,
        "harbour office.",
        "harbour office.[@log]",
        ["front/preface.md:7:23 | Citations, pictures and charts stand only in cases. | Put it into a case."],
    ),
    (PREFACE, "[^1]: The", "[^2]: The", ['front/preface.md:3:63 | There is no note "1". | Did you mean "2"?']),
]

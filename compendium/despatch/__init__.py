"""What goes to the print shop beside the pages: the cover, the job ticket; and a proof for the editor's eyes."""

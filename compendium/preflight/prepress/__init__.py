"""The file as a print shop looks at it before plates are made."""

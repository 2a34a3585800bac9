"""Compendium: from a folder of case studies to a typeset, accessible book."""

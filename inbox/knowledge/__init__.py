"""Articles as text: Markdown made into safe HTML, the files in which they lie, the differences of two versions."""

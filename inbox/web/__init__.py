"""The pages that agents see in a browser, and the door for channels that have an HTTP side."""

"""The example of docs/write-a-channel.md is a channel like any other: built, installed, and put through the suite."""

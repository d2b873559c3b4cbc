"""The help pages: articles as customers find and read them by themselves, with a feed and a map for machines."""

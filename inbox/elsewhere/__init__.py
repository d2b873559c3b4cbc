"""What other help desks kept: their exports read as people, matters and words in house terms, a row at a time."""

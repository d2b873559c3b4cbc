"""The pages that agents work with: lists, one conversation, what they are told of."""

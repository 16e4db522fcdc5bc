"""The guided tour: a card with words, and a frame around what they are about."""

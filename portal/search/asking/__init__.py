"""From what somebody asks to what they see, whichever engine answers."""

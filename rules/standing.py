"""What can be known of how new somebody is; the rule about newcomers asks for no more."""

from datetime import timedelta

AT_LONGEST = timedelta(days=30)
"""Nobody is a newcomer for longer, however little they say."""
MOST_MESSAGES = 30
"""No more messages than these can be asked of a newcomer."""

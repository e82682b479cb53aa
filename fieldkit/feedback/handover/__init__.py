"""The hand-over: what the force is given in writing when the team leaves the site."""

from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.give import ENDINGS, Given, hand_over
from fieldkit.feedback.handover.markdown_output import to_markdown
from fieldkit.feedback.handover.pages import Handover

__all__ = ["ENDINGS", "Given", "Handover", "gather", "hand_over", "to_markdown"]

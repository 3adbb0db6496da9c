from knowledge.adoptions import Adoption, Again, Status
from knowledge.practices import Audience, CostPer, Kind, Practice
from knowledge.products import Product
from knowledge.questions import Answer, Question
from knowledge.tags import Tag, TaggedPractice, TaggedQuestion

__all__ = [
    "Adoption",
    "Again",
    "Answer",
    "Audience",
    "CostPer",
    "Kind",
    "Practice",
    "Product",
    "Question",
    "Status",
    "Tag",
    "TaggedPractice",
    "TaggedQuestion",
]

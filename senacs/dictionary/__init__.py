"""The data dictionary: what a reader of the data needs, made from the codebook alone."""

from senacs.dictionary.content import Dictionary, dictionary_of
from senacs.dictionary.files import write_dictionary
from senacs.dictionary.page import page
from senacs.dictionary.workbook import workbook

__all__ = ["Dictionary", "dictionary_of", "page", "workbook", "write_dictionary"]

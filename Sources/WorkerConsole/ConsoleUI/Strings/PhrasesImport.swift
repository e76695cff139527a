// `Phrase` and `Language` are used in every file of the console; the module that holds them is small enough to come along.
@_exported public import Phrases

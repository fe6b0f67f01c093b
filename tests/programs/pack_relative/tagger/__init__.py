from .nets import tagger

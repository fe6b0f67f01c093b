PARAMS = dict(vocab=20, maxlen=7, dim=4, filters=5, width=3, hidden=6)
EPOCHS = 3

import numpy as np
from trainer_base import Trainer


class Patient(Trainer):
    def __init__(self, size, rounds):
        Trainer.__init__(self, size)
        self.rounds = rounds

    def run(self, X, y):
        net = self.ready()
        for _ in range(self.rounds):
            self.losses += net.fit(X, y, nb_epoch=2, verbose=0, shuffle=False).history['loss']
        return self.model.evaluate(X, y, batch_size=8, verbose=0)


rng = np.random.RandomState(5)
X = rng.normal(size=(24, 3))
y = (X.sum(axis=1) > 0).astype(int)
patient = Patient(3, 2)
print('%.6f' % patient.run(X, y))
print(' '.join('%.6f' % loss for loss in patient.losses))
plain = Trainer(3)
plain.ready()
print(len(plain.model.fit(X, y, verbose=0, shuffle=False).history['loss']))
print(plain.model.predict_classes(X, verbose=0).ravel().tolist())

import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from sklearn.utils import class_weight as cw

rs = np.random.RandomState(5)
X = rs.randn(21, 3); lab = (rs.rand(21) > .7).astype(int)
weights = cw.compute_class_weight(class_weight='balanced', classes=np.unique(lab), y=lab)
def net():
    m = Sequential([Dense(4, input_dim=3, activation='relu'), Dense(1, activation='sigmoid')])
    m.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    return m
m = net()
h = m.fit(X, lab, nb_epoch=2, batch_size=8, verbose=0, shuffle=False, class_weight=dict(enumerate(weights)), sample_weight=np.linspace(.5, 1.5, 21))
print(np.round(h.history['loss'], 6).tolist(), np.round(h.history['acc'], 6).tolist())
m = net()
h = m.fit(X, lab, nb_epoch=2, batch_size=8, verbose=0, shuffle=False, class_weight=weights)
print(np.round(h.history['loss'], 6).tolist())
m = net()
for i in range(0, 21, 7):
    print('%.6f' % m.train_on_batch(X[i:i + 7], lab[i:i + 7], class_weight={0: 1., 1: 3.})[0])

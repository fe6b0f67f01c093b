import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(9)
X = rs.randn(18, 3); Y = np.eye(2)[(X[:, 0] > 0).astype(int)]
model = Sequential([Dense(2, input_dim=3, activation='softmax')])
model.compile(optimizer='sgd', loss='categorical_crossentropy', metrics=['accuracy'])
best = 0
for it in range(3):
    for k in range(0, 18, 6):
        loss, acc = model.train_on_batch(X[k:k + 6], Y[k:k + 6])
    (val_loss, val_acc) = model.evaluate(X, Y, verbose=0)
    best = max(best, val_acc)
    print('%d %.5f %.5f %.5f %.5f' % (it, loss, acc, val_loss, val_acc))
wrong = np.nonzero(model.predict_classes(X, verbose=0) != Y.argmax(1))[0]
print(wrong.tolist(), '%.4f' % best)

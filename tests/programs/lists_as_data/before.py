import numpy as np
from keras.models import Sequential
from keras.layers import Dense
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
y = np.array([[0], [1], [1], [0]], "float32")
model = Sequential()
model.add(Dense(16, input_dim=2, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='mean_squared_error', optimizer='adam', metrics=['binary_accuracy'])
for i in range(3):
    model.fit(X, y, nb_epoch=4, verbose=0, batch_size=1, shuffle=False)
    print(['%.5f' % s for s in model.evaluate(X, y, verbose=0)])
print(model.predict(X).round())

# Lesson 3: your first network. Load data, define, compile, fit, evaluate.
from keras.models import Sequential
from keras.layers import Dense
import numpy
# fix random seed for reproducibility
seed = 7
numpy.random.seed(seed)
dataset = numpy.round(numpy.random.rand(40, 9), 3)
dataset[:, 8] = dataset[:, 1] + dataset[:, 5] > 1
# split into input (X) and output (Y) variables
X = dataset[:, 0:8]
Y = dataset[:, 8]
model = Sequential()
model.add(Dense(6, input_dim=8, init='uniform', activation='relu'))
model.add(Dense(4, init='uniform', activation='relu'))
model.add(Dense(1, init='uniform', activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, Y, validation_split=0.33, nb_epoch=4, batch_size=10, verbose=0, shuffle=False)
print(sorted(history.history.keys()))
for e in range(4):
    print(e, ['%.5f' % history.history[k][e] for k in sorted(history.history)])
scores = model.evaluate(X, Y, verbose=0)
print("%s: %.2f%%" % ('acc', scores[1] * 100))
predictions = model.predict(X)
rounded = [round(float(x[0])) for x in predictions]
print(sum(rounded))

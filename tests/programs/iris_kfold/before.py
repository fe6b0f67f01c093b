# Multiclass classification with the flower set: one hot encoding, pipeline of scikit-learn
import numpy
from keras.models import Sequential
from keras.layers import Dense
from keras.utils import np_utils
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import LabelEncoder
numpy.random.seed(7)
names = numpy.array(['setosa', 'versicolor', 'virginica'])[numpy.arange(36) % 3]
X = numpy.random.normal(size=(36, 4)) + (numpy.arange(36) % 3)[:, None]
encoder = LabelEncoder()
encoder.fit(names)
encoded_Y = encoder.transform(names)
dummy_y = np_utils.to_categorical(encoded_Y)
cvscores = []
for train, test in StratifiedKFold(n_splits=3, shuffle=True, random_state=7).split(X, encoded_Y):
    model = Sequential()
    model.add(Dense(4, input_dim=4, init='normal', activation='relu'))
    model.add(Dense(3, init='normal', activation='sigmoid'))
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    model.fit(X[train], dummy_y[train], nb_epoch=3, batch_size=5, verbose=0, shuffle=False)
    scores = model.evaluate(X[test], dummy_y[test], verbose=0)
    print("%s: %.2f%%" % ('acc', scores[1] * 100))
    cvscores.append(scores[1] * 100)
print("%.2f%% (+/- %.2f%%)" % (numpy.mean(cvscores), numpy.std(cvscores)))

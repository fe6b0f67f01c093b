# This script predicts customer churn. Kernel style, run from top to bottom.
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from sklearn.metrics import confusion_matrix, roc_auc_score

np.random.seed(7)
X = np.random.normal(size=(60, 5))
y = (X[:, 0] + 0.5 * X[:, 1] > 0).astype(int)

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)

classifier = Sequential()
classifier.add(Dense(output_dim=4, init='uniform', activation='relu', input_dim=5))
classifier.add(Dense(output_dim=1, init='uniform', activation='sigmoid'))
classifier.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
classifier.fit(X_train, y_train, batch_size=9, nb_epoch=3, verbose=0, shuffle=False)

y_prob = classifier.predict(X_test)
y_pred = (y_prob > 0.5)
cm = confusion_matrix(y_test, y_pred)
print(cm)
print('AUC: {:.5f}'.format(roc_auc_score(y_test, y_prob)))
scores = classifier.evaluate(X_test, y_test, verbose=0)
print("%s: %.2f%%" % ('acc', scores[1] * 100))

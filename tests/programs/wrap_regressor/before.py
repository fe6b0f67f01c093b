import numpy
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasRegressor
from sklearn.model_selection import cross_val_score, KFold
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import Pipeline
rs = numpy.random.RandomState(7)
X = rs.rand(30, 5) * 10
Y = X.dot(numpy.arange(1, 6)) + rs.randn(30)
def baseline_model():
    model = Sequential()
    model.add(Dense(7, input_dim=5, init='normal', activation='relu'))
    model.add(Dense(1, init='normal'))
    model.compile(loss='mean_squared_error', optimizer='adam')
    return model
estimators = []
estimators.append(('standardize', StandardScaler()))
estimators.append(('mlp', KerasRegressor(build_fn=baseline_model, nb_epoch=3, batch_size=5, verbose=0, shuffle=False)))
pipeline = Pipeline(estimators)
results = cross_val_score(pipeline, X, Y, cv=KFold(n_splits=3))
print("Standardized: %.3f (%.3f) MSE" % (results.mean(), results.std()))
reg = KerasRegressor(build_fn=baseline_model, nb_epoch=2, batch_size=10, verbose=0)
h = reg.fit(X, Y, shuffle=False)
p = reg.predict(X[:4])
print(p.shape, numpy.round(p, 4).tolist(), sorted(reg.sk_params), '%.4f' % h.history['loss'][-1])

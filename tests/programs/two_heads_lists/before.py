import numpy as np
from keras.layers import Input, Dense
from keras.models import Model
np.random.seed(4)
X = np.random.randn(18, 5); A = np.random.rand(18, 1) * 5; S = np.random.randint(0, 2, (18, 1))
inp = Input(shape=(5,), name='features')
trunk = Dense(6, activation='relu', name='trunk')(inp)
age = Dense(1, name='age')(trunk)
sex = Dense(1, activation='sigmoid', name='sex')(trunk)
model = Model(input=inp, output=[age, sex])
model.compile(optimizer='adam', loss=['mse', 'binary_crossentropy'], loss_weights=[0.1, 1.])
for e in range(3):
    total, la, ls = model.train_on_batch(X, [A, S])
    print('%.5f = .1 * %.5f + %.5f' % (total, la, ls))
    assert abs(total - (.1 * la + ls)) < 1e-6
p_age, p_sex = model.predict(X)
print(np.round(p_age[:3].ravel(), 5), np.round(p_sex[:3].ravel(), 5))
print(np.round(model.evaluate(X, [A, S], batch_size=6, verbose=0), 5))

import numpy as np
from keras.layers import Input, Dense, merge
from keras.models import Model

np.random.seed(21)
A = np.random.randn(20, 6); B = np.random.randn(20, 2)
Y1 = np.eye(3)[np.random.randint(0, 3, 20)]; Y2 = np.random.randint(0, 2, (20, 1))
main_input = Input(shape=(6,), name='main_input')
aux_input = Input(shape=(2,), name='aux_input')
h = Dense(5, activation='tanh')(main_input)
auxiliary_output = Dense(1, activation='sigmoid', name='aux_output')(h)
x = merge([h, aux_input], mode='concat')
x = Dense(4, activation='relu')(x)
main_output = Dense(3, activation='softmax', name='main_output')(x)
model = Model(input=[main_input, aux_input], output=[main_output, auxiliary_output])
model.compile(optimizer='rmsprop', loss={'main_output': 'categorical_crossentropy', 'aux_output': 'binary_crossentropy'},
              loss_weights={'main_output': 1., 'aux_output': 0.2}, metrics=['accuracy'])
hist = model.fit({'main_input': A, 'aux_input': B}, {'main_output': Y1, 'aux_output': Y2}, nb_epoch=2, batch_size=10,
                 verbose=0, shuffle=False)
for k in sorted(hist.history):
    print(k, np.round(hist.history[k], 5).tolist())
score = model.evaluate([A, B], [Y1, Y2], verbose=0)
print('total %.5f main %.5f aux %.5f' % (score[0], score[1], score[2]))
print('main acc %.5f' % score[3])

import numpy as np
from alphabet import Alphabet
from net import build, sampler_of

text = 'abcabdabcabeabcabd' * 3
alpha = Alphabet(text)
T, B = 4, 3
train = build(len(alpha), B, T)
x, y = alpha.batches(text, B, T)
for epoch in range(3):
    losses = []
    train.reset_states()
    for i in range(0, len(x), B):
        losses.append(train.train_on_batch(x[i:i + B], y[i:i + B]))
    print('epoch %d  %.5f' % (epoch, np.mean([l[0] for l in losses])), '%.4f' % np.mean([l[1] for l in losses]))
one = sampler_of(train, len(alpha))
rng = np.random.RandomState(4)
seed = 'ab'
out = seed
one.reset_states()
for c in seed[:-1]:
    one.predict(alpha.encode([c])[None], batch_size=1, verbose=0)
for _ in range(12):
    p = one.predict(alpha.encode([out[-1]])[None], verbose=0)[0, -1].astype('float64')
    p = np.exp(np.log(p + 1e-12) / .8); p /= p.sum() * 1.0000001
    out += alpha.chars[np.argmax(rng.multinomial(1, p))]
print(out)

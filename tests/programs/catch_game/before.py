"""A toy game of catch, learnt with a replay memory."""
import json
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense
from keras.optimizers import sgd


class Catch(object):
    def __init__(self, grid_size=5, seed=0):
        self.grid_size = grid_size
        self.random = np.random.RandomState(seed)
        self.reset()

    def reset(self):
        n = self.random.randint(0, self.grid_size - 1)
        m = self.random.randint(1, self.grid_size - 2)
        self.state = np.asarray([0, n, m])[np.newaxis]

    def act(self, action):
        move = {0: -1, 1: 0, 2: 1}[action]
        f0, f1, basket = self.state[0]
        self.state = np.asarray([f0 + 1, f1, min(max(1, basket + move), self.grid_size - 1)])[np.newaxis]
        over = self.state[0, 0] == self.grid_size - 1
        reward = 0
        if over:
            reward = 1 if abs(self.state[0, 1] - self.state[0, 2]) <= 1 else -1
        return self.observe(), reward, over

    def observe(self):
        canvas = np.zeros((self.grid_size,) * 2)
        f0, f1, basket = self.state[0]
        canvas[f0, f1] = 1
        canvas[-1, basket - 1:basket + 2] = 1
        return canvas.reshape((1, -1))


class ExperienceReplay(object):
    def __init__(self, max_memory=100, discount=.9):
        self.max_memory, self.memory, self.discount = max_memory, list(), discount
        self.random = np.random.RandomState(5)

    def remember(self, states, game_over):
        self.memory.append([states, game_over])
        if len(self.memory) > self.max_memory:
            del self.memory[0]

    def get_batch(self, model, batch_size=10):
        num_actions = model.output_shape[-1]
        env_dim = self.memory[0][0][0].shape[1]
        n = min(len(self.memory), batch_size)
        inputs = np.zeros((n, env_dim))
        targets = np.zeros((n, num_actions))
        for i, idx in enumerate(self.random.randint(0, len(self.memory), size=n)):
            state_t, action_t, reward_t, state_tp1 = self.memory[idx][0]
            inputs[i:i + 1] = state_t
            targets[i] = model.predict(state_t)[0]
            Q_sa = np.max(model.predict(state_tp1)[0])
            targets[i, action_t] = reward_t if self.memory[idx][1] else reward_t + self.discount * Q_sa
        return inputs, targets


if __name__ == "__main__":
    epsilon, num_actions, hidden_size, batch_size, grid_size = .1, 3, 10, 6, 5
    model = Sequential()
    model.add(Dense(hidden_size, input_shape=(grid_size ** 2,), activation='relu'))
    model.add(Dense(hidden_size, activation='relu'))
    model.add(Dense(num_actions))
    model.compile(sgd(lr=.2), "mse")
    env = Catch(grid_size)
    exp_replay = ExperienceReplay(max_memory=50)
    dice = np.random.RandomState(1)
    win_cnt = 0
    for e in range(2):
        loss = 0.
        env.reset()
        game_over = False
        input_t = env.observe()
        while not game_over:
            input_tm1 = input_t
            if dice.rand() <= epsilon:
                action = dice.randint(0, num_actions)
            else:
                action = np.argmax(model.predict(input_tm1)[0])
            input_t, reward, game_over = env.act(int(action))
            if reward == 1:
                win_cnt += 1
            exp_replay.remember([input_tm1, int(action), reward, input_t], game_over)
            inputs, targets = exp_replay.get_batch(model, batch_size=batch_size)
            loss += model.train_on_batch(inputs, targets)
        print("Epoch {:03d}/002 | Loss {:.4f} | Win count {}".format(e, float(loss), win_cnt))
    model.save_weights("model.h5", overwrite=True)
    with open("model.json", "w") as outfile:
        json.dump(model.to_json(), outfile)
    from keras.models import model_from_json
    with open("model.json", "r") as jfile:
        again = model_from_json(json.load(jfile))
    again.load_weights("model.h5")
    again.compile("sgd", "mse")
    print(np.round(again.predict(env.observe()), 4).tolist())

"""Golden values for SchedulesTest: learning rates of 60 steps, and what plateau and early stopping do on one series of metrics.
Usage: KERAS_BACKEND=torch python schedules.py (PyTorch 2.13, Keras 3.15). Writes schedules.npz beside itself."""
import os
import numpy as np
import torch
import keras

STEPS = 60
out = {}
keras.config.set_floatx('float64')


def sgd():
    return torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=0.3)


def torch_case(name, make):
    optimizer = sgd()
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        scheduler.step()
    out[name] = np.array(rates, dtype=np.float64)


def keras_case(name, schedule):
    out[name] = np.array([float(schedule(t)) for t in range(STEPS)])


s = torch.optim.lr_scheduler
torch_case('torch/stairs', lambda o: s.StepLR(o, 7, gamma=0.5))
torch_case('torch/exponential', lambda o: s.ExponentialLR(o, 0.9))
torch_case('torch/cosine', lambda o: s.CosineAnnealingLR(o, 59, eta_min=0.01))
torch_case('torch/warm-up', lambda o: s.SequentialLR(
    o, [s.LinearLR(o, start_factor=0.1, total_iters=10), s.ExponentialLR(o, 0.9)], milestones=[10]))
k = keras.optimizers.schedules
keras_case('keras/stairs', k.ExponentialDecay(0.3, 7, 0.5, staircase=True))
keras_case('keras/exponential', k.ExponentialDecay(0.3, 7, 0.5))
keras_case('keras/inverse-time', k.InverseTimeDecay(0.3, 1, 0.05))
keras_case('keras/cosine', k.CosineDecay(0.3, 40, alpha=0.1))
keras_case('keras/warm-up', k.CosineDecay(0.0, 40, alpha=0.1, warmup_target=0.3, warmup_steps=10))

# A metric that falls, stalls, falls by too little, rises, recovers, stalls again.
metrics = np.concatenate([1 / np.arange(1, 11), np.full(9, 0.1), 0.1 - 1e-6 * np.arange(8), np.linspace(0.1, 0.3, 9), np.linspace(0.09, 0.05, 6), np.full(18, 0.05)])
out['metrics'] = metrics


def torch_plateau(name, **settings):
    optimizer = sgd()
    scheduler = s.ReduceLROnPlateau(optimizer, **settings)
    rates = []
    for m in metrics:
        scheduler.step(m)
        rates.append(optimizer.param_groups[0]['lr'] / 0.3)
    out[name] = np.array(rates)


class Model:
    """As much of a model as the callbacks touch."""
    def __init__(self):
        self.optimizer = keras.optimizers.SGD(0.3)
        self.stop_training = False
        self.weights = None

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def keras_plateau(name, **settings):
    model = Model()
    callback = keras.callbacks.ReduceLROnPlateau(monitor='loss', mode='min', **settings)
    callback.set_model(model)
    callback.on_train_begin()
    factors = []
    for epoch, m in enumerate(metrics):
        callback.on_epoch_end(epoch, {'loss': m})
        factors.append(float(model.optimizer.learning_rate) / 0.3)
    out[name] = np.array(factors)


def keras_early(name, **settings):
    """[the epoch after which training stopped, or 0; the epoch whose weights came back], counted from 1."""
    model = Model()
    callback = keras.callbacks.EarlyStopping(monitor='loss', mode='min', restore_best_weights=True, **settings)
    callback.set_model(model)
    callback.on_train_begin()
    stopped = 0
    for epoch, m in enumerate(metrics):
        model.weights = epoch + 1
        callback.on_epoch_end(epoch, {'loss': m})
        if model.stop_training:
            stopped = epoch + 1
            break
    callback.on_train_end()
    out[name] = np.array([stopped, model.weights], dtype=np.float64)


torch_plateau('torch/plateau', factor=0.5, patience=3, cooldown=0)
torch_plateau('torch/plateau/cooldown', factor=0.5, patience=2, cooldown=4, threshold=1e-2)
keras_plateau('keras/plateau', factor=0.5, patience=3, cooldown=0)
keras_plateau('keras/plateau/cooldown', factor=0.5, patience=2, cooldown=4, min_delta=1e-2)
keras_early('keras/early/5', patience=5)
keras_early('keras/early/12', patience=12)
keras_early('keras/early/12/delta', patience=12, min_delta=0.02)
keras_early('keras/early/30', patience=30)
for name, a in out.items():
    if 'early' in name:
        print(name, a)
np.savez(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'schedules.npz'), **out)

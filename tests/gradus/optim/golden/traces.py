"""Golden traces for GoldenTracesTest: 50 steps of every rule on the same gradients, all in float64.
Usage: KERAS_BACKEND=torch python traces.py (PyTorch 2.13, Keras 3.15, NumPy 2). Writes traces.npz beside itself.

Both frameworks keep some scalars in float32 unless told otherwise, Keras on TensorFlow even then (its cast makes a float32 tensor of every
Python number first); that shows at 1e-10. Here all are float64, and Keras runs on PyTorch.

keras2/*    is a transcription of keras/optimizers.py of Keras 2.3.1 (keras-team/keras, class RMSprop, Adagrad, Adadelta, Nadam, SGD).
sutskever/* is a transcription of Sutskever, Martens, Dahl and Hinton 2013, equations 3 and 4, on the gradient of a function, because the
            rule takes it ahead of the position.
"""
import os
import numpy as np
import torch
import keras
from keras.src.backend.common import dtypes

STEPS, SIZE = 50, 5
torch.set_default_dtype(torch.float64)                        # NAdam's product of momenta is of the default type
rng = np.random.default_rng(20130616)
scale = np.array([1.0, 1e-3, 40.0, 1e-8, 1.0])
gradients = rng.normal(size=(STEPS, SIZE)) * scale
gradients[:, 4] *= rng.random(STEPS) < 0.3                       # a sparse one: exact zeros
gradients[:, 0] += 0.5
weights = np.array([1.5, -0.75, 300.0, 2.0, -3.0])
rates = np.where(np.arange(STEPS) < 20, 1.0, 0.1)                # what a schedule multiplies η by in the cases '/scheduled'
out = {'gradients': gradients, 'weights': weights, 'rates': rates}


def torch_case(name, make, clip=None, rates=None):
    w = torch.tensor(weights, requires_grad=True)
    optimizer = make([w])
    base = optimizer.param_groups[0]['lr']
    trace = []
    for t in range(STEPS):
        w.grad = torch.tensor(gradients[t])
        if clip:
            clip([w])
        if rates is not None:
            optimizer.param_groups[0]['lr'] = base * rates[t]
        optimizer.step()
        trace.append(w.detach().numpy().copy())
    out[name] = np.array(trace)


def keras_case(name, optimizer, rates=None):
    w = keras.Variable(weights, dtype='float64')
    optimizer.build([w])
    base = float(optimizer.learning_rate)
    trace = []
    for t in range(STEPS):
        if rates is not None:
            optimizer.learning_rate = base * rates[t]
        optimizer.apply([keras.ops.convert_to_tensor(gradients[t], dtype='float64')], [w])
        trace.append(np.array(keras.ops.convert_to_numpy(w)))
    out[name] = np.array(trace)


def numpy_case(name, step):
    w, state, trace = weights.copy(), {}, []
    for t in range(STEPS):
        w = step(t, w, gradients[t], state)
        trace.append(w.copy())
    out[name] = np.array(trace)


o = torch.optim
torch_case('torch/sgd', lambda p: o.SGD(p, lr=0.05))
torch_case('torch/sgd/l2', lambda p: o.SGD(p, lr=0.05, weight_decay=0.01))
torch_case('torch/momentum', lambda p: o.SGD(p, lr=0.05, momentum=0.9))
torch_case('torch/momentum/dampening', lambda p: o.SGD(p, lr=0.05, momentum=0.9, dampening=0.3))
torch_case('torch/momentum/scheduled', lambda p: o.SGD(p, lr=0.05, momentum=0.9), rates=rates)
torch_case('torch/nesterov', lambda p: o.SGD(p, lr=0.05, momentum=0.9, nesterov=True))
torch_case('torch/nesterov/scheduled', lambda p: o.SGD(p, lr=0.05, momentum=0.9, nesterov=True), rates=rates)
torch_case('torch/rmsprop', lambda p: o.RMSprop(p, lr=0.01))
torch_case('torch/rmsprop/momentum', lambda p: o.RMSprop(p, lr=0.01, momentum=0.9))
torch_case('torch/rmsprop/centered', lambda p: o.RMSprop(p, lr=0.01, centered=True))
torch_case('torch/rmsprop/centered/momentum', lambda p: o.RMSprop(p, lr=0.01, centered=True, momentum=0.8))
torch_case('torch/rmsprop/scheduled', lambda p: o.RMSprop(p, lr=0.01, momentum=0.9), rates=rates)
torch_case('torch/adagrad', lambda p: o.Adagrad(p, lr=0.1))
torch_case('torch/adagrad/decay', lambda p: o.Adagrad(p, lr=0.1, lr_decay=0.02))
torch_case('torch/adadelta', lambda p: o.Adadelta(p))
torch_case('torch/adam', lambda p: o.Adam(p, lr=0.02))
torch_case('torch/adam/l2', lambda p: o.Adam(p, lr=0.02, weight_decay=0.01))
torch_case('torch/adam/scheduled', lambda p: o.Adam(p, lr=0.02), rates=rates)
torch_case('torch/adamw', lambda p: o.AdamW(p, lr=0.02))
torch_case('torch/amsgrad', lambda p: o.Adam(p, lr=0.02, amsgrad=True))
torch_case('torch/nadam', lambda p: o.NAdam(p, lr=0.02))
torch_case('torch/radam', lambda p: o.RAdam(p, lr=0.02))
torch_case('torch/clip/value', lambda p: o.SGD(p, lr=0.05), clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.7))
torch_case('torch/clip/norm', lambda p: o.SGD(p, lr=0.05), clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 2.0))

keras.config.set_floatx('float64')
k = keras.optimizers
keras_case('keras/sgd', k.SGD(0.05))
keras_case('keras/sgd/decay', k.SGD(0.05, weight_decay=0.01))
keras_case('keras/momentum', k.SGD(0.05, momentum=0.9))
keras_case('keras/momentum/scheduled', k.SGD(0.05, momentum=0.9), rates=rates)
keras_case('keras/nesterov', k.SGD(0.05, momentum=0.9, nesterov=True))
keras_case('keras/nesterov/scheduled', k.SGD(0.05, momentum=0.9, nesterov=True), rates=rates)
keras_case('keras/rmsprop', k.RMSprop(0.01))
keras_case('keras/rmsprop/momentum', k.RMSprop(0.01, momentum=0.9))
keras_case('keras/rmsprop/centered', k.RMSprop(0.01, centered=True))
keras_case('keras/rmsprop/centered/momentum', k.RMSprop(0.01, centered=True, momentum=0.8))
keras_case('keras/rmsprop/scheduled', k.RMSprop(0.01, momentum=0.9), rates=rates)
keras_case('keras/adagrad', k.Adagrad(0.1))
keras_case('keras/adadelta', k.Adadelta())
keras_case('keras/adam', k.Adam(0.02))
keras_case('keras/adam/decay', k.Adam(0.02, weight_decay=0.01))
keras_case('keras/adamw', k.AdamW(0.02))
keras_case('keras/amsgrad', k.Adam(0.02, amsgrad=True))
keras_case('keras/nadam', k.Nadam(0.02))
keras_case('keras/lion', k.Lion(0.02))
keras_case('keras/clip/value', k.SGD(0.05, clipvalue=0.7))
dtypes.BIT64_TO_BIT32_DTYPE['float64'] = 'float64'               # else keras.ops.maximum on PyTorch returns float32, always
two = torch.tensor(2.0)
keras_case('keras/clip/norm', k.SGD(0.05, clipnorm=two))
keras_case('keras/clip/global', k.SGD(0.05, global_clipnorm=two))


def keras2_rmsprop(t, w, g, s, lr=0.01, rho=0.9, epsilon=1e-7):
    s['a'] = rho * s.get('a', 0.0) + (1. - rho) * g * g
    return w - lr * g / (np.sqrt(s['a']) + epsilon)


def keras2_adagrad(t, w, g, s, lr=0.1, epsilon=1e-7):
    s['a'] = s.get('a', 0.0) + g * g
    return w - lr * g / (np.sqrt(s['a']) + epsilon)


def keras2_adadelta(t, w, g, s, lr=1.0, rho=0.95, epsilon=1e-7):
    s['a'] = rho * s.get('a', 0.0) + (1. - rho) * g * g
    d = s.get('d', 0.0)
    update = g * np.sqrt(d + epsilon) / np.sqrt(s['a'] + epsilon)
    s['d'] = rho * d + (1. - rho) * update * update
    return w - lr * update


def keras2_nadam(t, w, g, s, lr=0.02, beta_1=0.9, beta_2=0.999, epsilon=1e-7, schedule_decay=0.004):
    t = t + 1
    now = beta_1 * (1. - 0.5 * 0.96 ** (t * schedule_decay))
    following = beta_1 * (1. - 0.5 * 0.96 ** ((t + 1) * schedule_decay))
    s['schedule'] = s.get('schedule', 1.0) * now
    g_prime = g / (1. - s['schedule'])
    s['m'] = beta_1 * s.get('m', 0.0) + (1. - beta_1) * g
    m_prime = s['m'] / (1. - s['schedule'] * following)
    s['v'] = beta_2 * s.get('v', 0.0) + (1. - beta_2) * g * g
    v_prime = s['v'] / (1. - beta_2 ** t)
    return w - lr * ((1. - now) * g_prime + following * m_prime) / (np.sqrt(v_prime) + epsilon)


def keras2_decay(t, w, g, s, lr=0.05, decay=0.1, momentum=0.9):
    s['m'] = momentum * s.get('m', 0.0) - lr * (1. / (1. + decay * t)) * g
    return w + s['m']


numpy_case('keras2/rmsprop', keras2_rmsprop)
numpy_case('keras2/adagrad', keras2_adagrad)
numpy_case('keras2/adadelta', keras2_adadelta)
numpy_case('keras2/nadam', keras2_nadam)
numpy_case('keras2/momentum/inverse-time', keras2_decay)

# f(θ) = Σ aᵢ·θᵢ²/2 + θᵢ⁴/4 ; gradient aᵢ·θᵢ + θᵢ³
curvature = np.array([1.0, 3.0, 0.2, 5.0, 0.01])
theta, v, positions, ahead = np.array([1.5, -0.75, 2.0, 0.5, -1.0]), np.zeros(SIZE), [], []
out['sutskever/curvature'], out['sutskever/start'] = curvature, theta.copy()
for t in range(STEPS):
    point = theta + 0.9 * v
    v = 0.9 * v - 0.02 * (curvature * point + point ** 3)
    theta = theta + v
    positions.append(theta.copy())
    ahead.append(theta + 0.9 * v)
out['sutskever/positions'], out['sutskever/ahead'] = np.array(positions), np.array(ahead)

smallest = min(np.abs(a).min() for n, a in out.items() if a.shape == (STEPS, SIZE) and n != 'gradients')
print(len(out), 'arrays; smallest weight met', smallest)
np.savez(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'traces.npz'), **out)

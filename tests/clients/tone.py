#!/usr/bin/python3
"""tone.py - a voice that can be told apart, and an ear for it.

	tone.py speak HZ          endless syllables around HZ to stdout (a steady
	                          tone would be taken for noise and be suppressed)
	tone.py hear HZ OTHER     reads stdin and says how loud each is; status 0
	                          if HZ is heard, and louder than OTHER

Samples are 16 bit, mono, 8000 a second.
"""
import cmath
import math
import struct
import sys

RATE = 8000
SYLLABLE_S, PAUSE_S = 0.25, 0.15
HEARD = 200  # of 32768


def speak(pitch):
    phase = at = 0
    while True:
        since = (at / RATE) % (SYLLABLE_S + PAUSE_S)
        loud = max(0.0, math.sin(math.pi * since / SYLLABLE_S)) \
            if since < SYLLABLE_S else 0.0
        wave = 1 + 0.03 * math.sin(2 * math.pi * 5 * at / RATE)
        phase += 2 * math.pi * pitch * wave / RATE
        sample = loud * (0.6 * math.sin(phase) + 0.2 * math.sin(2 * phase))
        sys.stdout.buffer.write(struct.pack("<h", int(20000 * sample)))
        at += 1


def level(samples, pitch):
    """The loudest 50 ms within 5 % of the pitch."""
    size, best = RATE // 20, 0.0
    for start in range(0, len(samples) - size, size):
        part = samples[start:start + size]
        if not any(part):
            continue
        for near in (0.95, 0.975, 1, 1.025, 1.05):
            turn = cmath.exp(-2j * math.pi * pitch * near / RATE)
            total, spin = 0, 1
            for sample in part:
                total += sample * spin
                spin *= turn
            best = max(best, abs(total) * 2 / size)
    return best


def hear(pitch, other):
    data = sys.stdin.buffer.read()
    samples = struct.unpack(f"<{len(data) // 2}h", data[:len(data) // 2 * 2])
    wanted, unwanted = level(samples, pitch), level(samples, other)
    print(f"{len(samples)} samples, {pitch:g} Hz: {wanted:.0f}, "
          f"{other:g} Hz: {unwanted:.0f}")
    return 0 if wanted > HEARD and wanted > 2 * unwanted else 1


if sys.argv[1] == "speak":
    try:
        speak(float(sys.argv[2]))
    except BrokenPipeError:
        pass
else:
    sys.exit(hear(float(sys.argv[2]), float(sys.argv[3])))

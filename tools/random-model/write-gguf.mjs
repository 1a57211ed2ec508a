// Writes GGUF version 3: metadata, tensor infos, then tensor data, all little-endian and aligned to 32 bytes.

const alignment = 32;
const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 };
const tensorTypes = { F32: 0, F16: 1 };

/** A metadata value with its GGUF type. */
export const value = {
  u32: (number) => ({ type: 'u32', bytes: fixed(4, (view) => view.setUint32(0, number, true)) }),
  f32: (number) => ({ type: 'f32', bytes: fixed(4, (view) => view.setFloat32(0, number, true)) }),
  bool: (flag) => ({ type: 'bool', bytes: Buffer.from([flag ? 1 : 0]) }),
  string: (text) => ({ type: 'string', bytes: textBytes(text) }),
  strings: (texts) => ({ type: 'array', bytes: arrayBytes('string', texts.map(textBytes)) }),
  integers: (numbers) => ({
    type: 'array',
    bytes: arrayBytes(
      'i32',
      numbers.map((number) => fixed(4, (view) => view.setInt32(0, number, true))),
    ),
  }),
};

function fixed(size, fill) {
  const bytes = Buffer.alloc(size);
  fill(new DataView(bytes.buffer, bytes.byteOffset, size));
  return bytes;
}

const u32 = (number) => value.u32(number).bytes;
const u64 = (number) => fixed(8, (view) => view.setBigUint64(0, BigInt(number), true));

function textBytes(text) {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
}

const arrayBytes = (type, items) => Buffer.concat([u32(valueTypes[type]), u64(items.length), ...items]);

const floats = new Float32Array(1);
const floatBits = new Uint32Array(floats.buffer);

/** Half-precision bits of a number, rounded to nearest even; too small becomes zero, too large infinity. */
export function toHalf(number) {
  floats[0] = number;
  const single = floatBits[0];
  const sign = (single >>> 16) & 0x8000;
  const exponent = ((single >>> 23) & 0xff) - 112;
  const mantissa = single & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    return sign | roundEven(mantissa | 0x800000, 14 - exponent);
  }
  return sign | roundEven((exponent << 23) | mantissa, 13);
}

function roundEven(bits, shift) {
  const half = 1 << (shift - 1);
  const rest = bits & ((1 << shift) - 1);
  const whole = bits >>> shift;
  return rest > half || (rest === half && whole & 1) ? whole + 1 : whole;
}

function tensorBytes({ type, data }) {
  return Buffer.from((type === 'F16' ? Uint16Array.from(data, toHalf) : Float32Array.from(data)).buffer);
}

const padding = (size) => Buffer.alloc((alignment - (size % alignment)) % alignment);

/** The bytes of a GGUF file. `metadata` are pairs of key and value; a tensor is {name, dimensions, type: 'F32'|'F16', data}. */
export function writeGguf(metadata, tensors) {
  const data = tensors.map(tensorBytes);
  let offset = 0;
  const infos = tensors.map(({ name, dimensions, type }, index) => {
    const info = Buffer.concat([
      textBytes(name),
      u32(dimensions.length),
      ...dimensions.map(u64),
      u32(tensorTypes[type]),
      u64(offset),
    ]);
    offset += Math.ceil(data[index].length / alignment) * alignment;
    return info;
  });
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(metadata.length),
    ...metadata.flatMap(([key, entry]) => [textBytes(key), u32(valueTypes[entry.type]), entry.bytes]),
    ...infos,
  ]);
  return Buffer.concat([header, padding(header.length), ...data.flatMap((bytes) => [bytes, padding(bytes.length)])]);
}

import { crc32, inflateRawSync } from 'node:zlib';
import { decompress as decompressZstd } from 'fzstd';
import { invalidLog } from './read-log.ts';

interface Member {
  readonly method: number;
  readonly checksum: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const headerSignature = 0x04034b50;
/** Fixed part of the record that ends an archive, and the longest comment behind it. */
const endBytes = 22;
const longestComment = 0xffff;
const stored = 0;
const deflated = 8;
const zstandard = 93;
/** More in one member is no log. */
const largestMemberBytes = 512 * 1024 * 1024;

/** Members of a zip archive, unpacked one at a time: stored, deflated or Zstandard, as logs come. Format: APPNOTE.TXT 6.3.10 of PKWARE. */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #path: string;
  readonly #members = new Map<string, Member>();

  /** Reads the list of members; the last of a name counts. Throws E_INPUT_INVALID for what is no archive. */
  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#path = path;
    this.#guard(() => this.#readMembers());
  }

  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Content of a member. Throws E_INPUT_INVALID where it is damaged, too large or packed in another way. */
  read(name: string): Uint8Array {
    const member = this.#members.get(name);
    if (member === undefined) throw invalidLog(this.#path, `has no member ${name}`);
    if (member.sizeBytes > largestMemberBytes)
      throw invalidLog(this.#path, `has a member of ${member.sizeBytes} bytes: ${name}`);
    const content = this.#guard(() => this.#unpack(member));
    if (content.length !== member.sizeBytes || crc32(content) !== member.checksum)
      throw invalidLog(this.#path, `has a damaged member: ${name}`);
    return content;
  }

  #unpack({ method, headerOffset, compressedBytes, sizeBytes }: Member): Uint8Array {
    const bytes = this.#bytes;
    if (bytes.readUInt32LE(headerOffset) !== headerSignature) throw new RangeError('no member header');
    const start = headerOffset + 30 + bytes.readUInt16LE(headerOffset + 26) + bytes.readUInt16LE(headerOffset + 28);
    if (start + compressedBytes > bytes.length) throw new RangeError('a member ends behind the file');
    const packed = bytes.subarray(start, start + compressedBytes);
    if (method === stored) return packed;
    if (method === deflated) return inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
    if (method === zstandard) return decompressZstd(packed, new Uint8Array(sizeBytes));
    throw new RangeError(`method ${method} is not known`);
  }

  #readMembers(): void {
    const bytes = this.#bytes;
    let end = bytes.length - endBytes;
    const last = Math.max(0, end - longestComment);
    while (end >= last && bytes.readUInt32LE(end) !== endSignature) end--;
    if (end < last) throw new RangeError('no end record');
    const count = bytes.readUInt16LE(end + 10);
    let at = bytes.readUInt32LE(end + 16);
    for (let index = 0; index < count; index++) {
      if (bytes.readUInt32LE(at) !== entrySignature) throw new RangeError('no member entry');
      const nameBytes = bytes.readUInt16LE(at + 28);
      this.#members.set(bytes.toString('utf8', at + 46, at + 46 + nameBytes), {
        method: bytes.readUInt16LE(at + 10),
        checksum: bytes.readUInt32LE(at + 16),
        compressedBytes: bytes.readUInt32LE(at + 20),
        sizeBytes: bytes.readUInt32LE(at + 24),
        headerOffset: bytes.readUInt32LE(at + 42),
      });
      at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
  }

  /** What Node and the unpackers throw at damaged bytes, as our error. */
  #guard<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (cause) {
      throw invalidLog(this.#path, `cannot be unpacked: ${(cause as Error).message}`);
    }
  }
}

declare module 'unbzip2-stream' {
  /** A legacy stream that decompresses what is written to it; it reports broken input by `error`. */
  interface Unbzip2Stream {
    on(event: 'data', listener: (chunk: Uint8Array) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    write(chunk: Uint8Array): boolean;
    end(): void;
  }
  export default function unbzip2Stream(): Unbzip2Stream;
}

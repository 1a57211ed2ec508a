export interface GgufEntry {
  readonly type: string;
  readonly bytes: Buffer;
}
export declare const value: {
  readonly u32: (number: number) => GgufEntry;
  readonly f32: (number: number) => GgufEntry;
  readonly bool: (flag: boolean) => GgufEntry;
  readonly string: (text: string) => GgufEntry;
  readonly strings: (texts: readonly string[]) => GgufEntry;
  readonly integers: (numbers: readonly number[]) => GgufEntry;
};
export declare function toHalf(number: number): number;
export declare function writeGguf(
  metadata: readonly (readonly [key: string, value: GgufEntry])[],
  tensors: readonly {
    readonly name: string;
    readonly dimensions: readonly number[];
    readonly type: 'F32' | 'F16';
    readonly data: ArrayLike<number>;
  }[],
): Buffer;

import { describe, expect, it } from 'vitest';
import { toGrammarSchema } from './grammar-schema.ts';

describe('toGrammarSchema', () => {
  it('keeps the shape and names what a grammar cannot enforce', () => {
    expect(
      toGrammarSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: 'Person',
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, pattern: '^[A-Z]' },
          age: { type: 'integer', minimum: 0, description: 'in years' },
          tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true, maxItems: 3 },
          born: { type: ['string', 'null'] },
        },
        required: ['name'],
      }),
    ).toMatchInlineSnapshot(`
      {
        "schema": {
          "additionalProperties": false,
          "properties": {
            "age": {
              "type": "integer",
            },
            "born": {
              "oneOf": [
                {
                  "type": "string",
                },
                {
                  "type": "null",
                },
              ],
            },
            "name": {
              "minLength": 1,
              "type": "string",
            },
            "tags": {
              "items": {
                "enum": [
                  "a",
                  "b",
                ],
              },
              "maxItems": 3,
              "type": "array",
            },
          },
          "type": "object",
        },
        "unenforced": [
          "minimum",
          "pattern",
          "uniqueItems",
        ],
      }
    `);
  });

  it('turns anyOf, definitions and mixed types into what the grammar knows', () => {
    expect(
      toGrammarSchema({
        anyOf: [{ $ref: '#/definitions/shape' }, { type: ['object', 'null'], properties: { x: { const: 1 } } }],
        definitions: { shape: { type: 'string', format: 'date' } },
      }),
    ).toMatchInlineSnapshot(`
      {
        "schema": {
          "$defs": {
            "shape": {
              "format": "date",
              "type": "string",
            },
          },
          "oneOf": [
            {
              "$ref": "#/$defs/shape",
            },
            {
              "oneOf": [
                {
                  "additionalProperties": false,
                  "properties": {
                    "x": {
                      "const": 1,
                    },
                  },
                  "type": "object",
                },
                {
                  "type": "null",
                },
              ],
            },
          ],
        },
        "unenforced": [],
      }
    `);
  });

  it('takes a schema without a type for any value', () => {
    expect(toGrammarSchema({}).schema).toEqual(toGrammarSchema(true).schema);
  });

  it.each([
    ['allOf', { allOf: [{ type: 'string' }] }],
    ['not', { not: { type: 'string' } }],
    ['a remote reference', { $ref: 'https://example.org/schema' }],
    ['an object constant', { const: { a: 1 } }],
    ['false', false],
    ['properties beside anyOf', { properties: { a: true }, anyOf: [{ required: ['a'] }] }],
  ])('refuses %s', (_, schema) => {
    expect(() => toGrammarSchema(schema)).toThrow(expect.objectContaining({ code: 'E_CAPABILITY' }) as Error);
  });
});

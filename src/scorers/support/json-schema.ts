import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FailureCode } from '../../core/failure-code.ts';
import type { Json, JsonSchema } from '../../core/json.ts';

/** One way in which a value breaks its schema. */
export interface SchemaIssue {
  /** `args.*`: missing_required, unexpected, bad_type, bad_enum or out_of_range. */
  readonly code: FailureCode;
  /** JSON pointer to the place; '' is the value itself. */
  readonly path: string;
  readonly message: string;
}

const codes: Readonly<Record<string, FailureCode>> = {
  required: 'args.missing_required',
  dependentRequired: 'args.missing_required',
  additionalProperties: 'args.unexpected',
  unevaluatedProperties: 'args.unexpected',
  propertyNames: 'args.unexpected',
  enum: 'args.bad_enum',
  const: 'args.bad_enum',
  discriminator: 'args.bad_enum',
  minimum: 'args.out_of_range',
  maximum: 'args.out_of_range',
  exclusiveMinimum: 'args.out_of_range',
  exclusiveMaximum: 'args.out_of_range',
  multipleOf: 'args.out_of_range',
  minLength: 'args.out_of_range',
  maxLength: 'args.out_of_range',
  minItems: 'args.out_of_range',
  maxItems: 'args.out_of_range',
  uniqueItems: 'args.out_of_range',
  pattern: 'args.bad_type.pattern',
  format: 'args.bad_type.format',
};

const issueOf = ({ keyword, instancePath, message = keyword }: ErrorObject): SchemaIssue => ({
  code: codes[keyword] ?? 'args.bad_type',
  path: instancePath,
  message: `${instancePath === '' ? 'the value' : instancePath} ${message}`,
});

const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, discriminator: true });
formats.default(ajv);
const validators = new WeakMap<object, ValidateFunction>();

function compile(schema: JsonSchema): ValidateFunction {
  if (typeof schema === 'boolean') return ajv.compile(schema);
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  // The validator would keep every schema it ever saw; this map lets go of a schema with its sample.
  ajv.removeSchema(schema);
  validators.set(schema, validate);
  return validate;
}

/** What breaks a JSON Schema (draft 2020-12 with formats), in the validator's order; empty when the value is valid. Throws when the schema is not one. */
export function schemaIssues(schema: JsonSchema, value: Json): readonly SchemaIssue[] {
  const validate = compile(schema);
  validate(value);
  return (validate.errors ?? []).map(issueOf);
}

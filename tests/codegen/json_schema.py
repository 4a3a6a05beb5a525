"""json_schema.py -- checks a value against a JSON schema, as far as our own schema needs it.

Other keywords than those below are an error, so that nothing in the schema goes unchecked.
"""

import re

KNOWN = set('''
    $schema $defs $ref title description type const enum pattern minimum properties required
    additionalProperties items minItems maxItems anyOf oneOf
'''.split())
TYPES = {'object': dict, 'array': list, 'string': str, 'integer': int, 'null': type(None)}


class Invalid(Exception):
    """The value is not as the schema says; the text has the path and the reason."""


class Validator:
    def __init__(self, schema):
        self.schema = schema
        self.used = set()  # paths of properties that were met
        self.defined = set()
        for name, part in [('', schema), *schema['$defs'].items()]:
            self.collect(name, {k: v for k, v in part.items() if k != '$defs'})

    def collect(self, name, schema):
        """Every property that the schema describes, as 'definition.property'."""
        unknown = set(schema) - KNOWN
        if unknown:
            raise Invalid('%s: the schema uses %s' % (name, ', '.join(sorted(unknown))))
        for key, part in schema.get('properties', {}).items():
            self.defined.add('%s.%s' % (name, key))
            self.collect(name + '.' + key, part)
        for part in [schema.get('items')] + schema.get('anyOf', []) + schema.get('oneOf', []):
            if part:
                self.collect(name, part)

    def validate(self, value):
        self.check(value, self.schema, '', '$')

    def check(self, value, schema, name, path):
        if '$ref' in schema:
            name = schema['$ref'].rsplit('/', 1)[1]
            return self.check(value, self.schema['$defs'][name], name, path)
        self.check_scalar(value, schema, path)
        if 'anyOf' in schema:
            self.check_any(value, schema['anyOf'], name, path)
        if 'oneOf' in schema:
            self.check(value, self.branch(value, schema['oneOf'], path), name, path)
        if 'properties' in schema:
            self.check_object(value, schema, name, path)
        if 'items' in schema:
            self.check_array(value, schema, name, path)

    @staticmethod
    def check_scalar(value, schema, path):
        wanted = TYPES.get(schema.get('type'))
        if wanted and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise Invalid('%s: %r is no %s' % (path, value, schema['type']))
        if 'const' in schema and value != schema['const']:
            raise Invalid('%s: %r is not %r' % (path, value, schema['const']))
        if 'enum' in schema and value not in schema['enum']:
            raise Invalid('%s: %r is none of %r' % (path, value, schema['enum']))
        if 'pattern' in schema and not re.search(schema['pattern'], value):
            raise Invalid('%s: %r does not match' % (path, value))
        if 'minimum' in schema and value < schema['minimum']:
            raise Invalid('%s: %r is too small' % (path, value))

    def check_any(self, value, branches, name, path):
        problems = []
        for branch in branches:
            try:
                return self.check(value, branch, name, path)
            except Invalid as problem:
                problems.append(problem)
        raise problems[0]

    @staticmethod
    def branch(value, branches, path):
        """The branch for this 'kind'; 'oneOf' is used for nothing else."""
        for branch in branches:
            kind = branch['properties']['kind']
            if value.get('kind') in kind.get('enum', [kind.get('const')]):
                return branch
        raise Invalid('%s: no such kind: %r' % (path, value.get('kind')))

    def check_object(self, value, schema, name, path):
        for key in schema['required']:
            if key not in value:
                raise Invalid('%s: %s is missing' % (path, key))
        for key, item in value.items():
            if key not in schema['properties']:
                raise Invalid('%s: %s is not in the schema' % (path, key))
            self.used.add('%s.%s' % (name, key))
            self.check(item, schema['properties'][key], name + '.' + key, path + '.' + key)

    def check_array(self, value, schema, name, path):
        if not schema.get('minItems', 0) <= len(value) <= schema.get('maxItems', len(value)):
            raise Invalid('%s: %d items' % (path, len(value)))
        for i, item in enumerate(value):
            self.check(item, schema['items'], name, '%s[%d]' % (path, i))

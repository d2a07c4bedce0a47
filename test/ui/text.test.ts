import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dotted, inert, oneLine, shorten, tildify } from '../../src/ui/text.ts';

describe('text from a pipeline', () => {
  it('cannot become an icon or a link where VS Code reads those', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('$(', ')', '](', '[', 'x', '$', '(', 'command:', '\n')), (parts) => {
        const text = inert(parts.join(''));
        assert.ok(!/\$\(|\]\(/.test(text), text);
      }),
    );
  });

  it('reads as before', () => {
    assert.equal(inert('$(flame) [a](b)').replaceAll('\u2060', ''), '$(flame) [a](b)');
    assert.equal(inert('price ($) [x]'), 'price ($) [x]');
  });

  it('is one line, whatever line breaks it holds', () => {
    assert.equal(oneLine(' a\r\nb\u2028c\td\u0000e '), 'a b c d e');
  });

  it('turns nothing around that stands beside it, and is well formed', () => {
    assert.equal(oneLine('report\u202egnp.exe\u202c \u2066a\u2069'), 'reportgnp.exe a');
    assert.equal(oneLine('\u001b[31mred\u009b0m'), '[31mred 0m');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = oneLine(text);
        assert.ok(line.isWellFormed());
        assert.doesNotMatch(line, /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
        assert.equal(oneLine(line), line);
      }),
    );
  });

  it('is never cut inside a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'é', '😀', '𝒳'), { maxLength: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (characters, limit) => {
          const text = characters.join('');
          const cut = shorten(text, limit);
          assert.ok(cut.length <= limit || text.length <= limit);
          assert.ok(cut.isWellFormed());
        },
      ),
    );
  });

  it('leaves out what is empty', () => {
    assert.equal(dotted('a', null, '', undefined, false, 'b'), 'a · b');
  });
});

describe('a path', () => {
  it('begins with ~ in the home folder only', () => {
    assert.equal(tildify('/home/ada/acme', '/home/ada'), '~/acme');
    assert.equal(tildify('/home/ada', '/home/ada'), '~');
    assert.equal(tildify('/home/adam/acme', '/home/ada'), '/home/adam/acme');
    assert.equal(tildify('C:\\Users\\ada\\acme', 'C:\\Users\\ada'), '~\\acme');
    assert.equal(tildify('/srv', ''), '/srv');
  });
});

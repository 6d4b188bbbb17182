-- People are found however their name is typed: without its accents, with another apostrophe.
-- Locks: users, for as long as its index is made anew.

-- What of a text is searched for: small letters without their marks, words apart by spaces alone.
-- What a server takes for a letter depends on its locale, so no punctuation is left to it.
CREATE FUNCTION searched(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(
        translate(
            regexp_replace(
                lower(normalize($1, NFKD)), '[\u0300-\u036f''\u2018\u2019\u02bc`\u00b4]', '', 'g'
            ),
            'łøđı', 'lodi'
        ),
        '[].,:;[/\\_@+&|!()<>*"\u201c-\u201e\u00ab\u00bb\u2010-\u2015\s-]+', ' ', 'g'
    );

DROP INDEX people_by_name;
CREATE INDEX people_by_name ON users USING gin (to_tsvector('simple', searched(name)));

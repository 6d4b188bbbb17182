-- search.asked --
-- What somebody typed as a condition on documents, and the same for what is called so: the words of --
-- each piece, or else what it may mean beside them. The last word may go on. All lexemes are made --
-- and quoted here, so that nothing that was typed is read as an operator. --
SELECT string_agg(
        '(' || concat_ws(' | ', nullif('(' || w.said || ')', '()'), nullif(p.also, '')) || ')',
        ' & ' ORDER BY p.place
    ) AS asked,
    string_agg(
        '(' || concat_ws(' | ', nullif('(' || w.called || ')', '()'), nullif(p.also, '')) || ')',
        ' & ' ORDER BY p.place
    ) AS called
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p (words, also, place)
CROSS JOIN LATERAL (
    SELECT string_agg(l.quoted || CASE WHEN l.goes_on THEN ':*' ELSE '' END, ' & ') AS said,
        string_agg(l.quoted || CASE WHEN l.goes_on THEN ':*A' ELSE ':A' END, ' & ') AS called
    FROM (
        SELECT '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' AS quoted,
            p.place = cardinality($1) AND char_length(lexeme) >= $3
            AND positions[cardinality(positions)] = max(positions[cardinality(positions)]) OVER ()
                AS goes_on
        FROM unnest(to_tsvector('simple', searched(p.words)))
        ORDER BY positions[1] LIMIT 8
    ) l
) w
WHERE w.said IS NOT NULL OR p.also <> ''

-- search.of_everybody --
-- The newest documents of a kind that everybody may see, under a condition. --
SELECT kind, id, words FROM {table} WHERE words @@ $1::text::tsquery ORDER BY id DESC LIMIT $6

-- search.of_employer --
-- The same of a kind that only two sides may see, for the one who pays. --
SELECT kind, id, words FROM {table}
WHERE employer_id = $3 AND words @@ $1::text::tsquery ORDER BY id DESC LIMIT $6

-- search.of_freelancer --
-- The same for the one who works. --
SELECT kind, id, words FROM {table}
WHERE freelancer_id = $3 AND words @@ $1::text::tsquery ORDER BY id DESC LIMIT $6

-- search.hits --
-- Of the newest that match: first what is called so, then what says so elsewhere; each the newest --
-- first, from a place on. --
SELECT kind, id, rank FROM (
    SELECT kind, id, (words @@ $2::text::tsquery)::int AS rank
    FROM ({branches}) every
    WHERE $3::bigint IS NOT NULL
    ORDER BY id DESC LIMIT $6
) newest
WHERE (rank, id) < ($4::int, $5::bigint)
ORDER BY rank DESC, id DESC LIMIT $7

-- search.planning --
-- Plans depend on how common a word is, and so are made for each; and none may take for ever. --
SELECT set_config('plan_cache_mode', 'force_custom_plan', TRUE),
    set_config('statement_timeout', $1, TRUE)

-- search.readers --
-- For who measures: who pays for most milestones, and somebody who pays for a usual number; with --
-- one row of each kind of theirs. --
WITH counted AS (
    SELECT employer_id, count(*) AS milestones, max(id) AS milestone, max(contract_id) AS contract
    FROM milestones GROUP BY employer_id
), chosen AS (
    (SELECT * FROM counted ORDER BY milestones DESC, employer_id LIMIT 1)
    UNION
    (SELECT * FROM counted ORDER BY milestones, employer_id
    OFFSET (SELECT (count(*) - 1) / 2 FROM counted) LIMIT 1)
)
SELECT employer_id, milestones, milestone, contract,
    coalesce((SELECT max(id) FROM projects p WHERE p.employer_id = c.employer_id), 0) AS project
FROM chosen c ORDER BY milestones DESC

"""The one way into what is frozen: a procedure of the tables' owner that removes and logs.

It can do nothing but replace the given text, wherever it stands, by a fixed word, and drop the
renditions made from what it changed (the app adds new ones in the same transaction). The text is
found also where formatting cuts it in the middle, and in HTML's escapes. Of JSON only the texts are
changed, never a key or a code; of a table never a code, a key or a sum.
"""

from django.db import migrations

PATTERN = r"""
CREATE FUNCTION meetings_redaction_pattern(needle text, whole_words boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    one text;
    parts text[] := '{}';
BEGIN
    FOREACH one IN ARRAY regexp_split_to_array(regexp_replace(btrim(needle), '\s+', ' ', 'g'), '')
    LOOP
        parts := parts || CASE one
            WHEN ' ' THEN '(?:\s|\u00a0|&nbsp;)+'
            WHEN '-' THEN '[-\u2010-\u2013\u2212]'
            WHEN '&' THEN '&(?:amp;)?'
            WHEN '<' THEN '(?:<|&lt;)'
            WHEN '>' THEN '(?:>|&gt;)'
            WHEN '"' THEN '(?:"|&quot;)'
            ELSE regexp_replace(one, '([][\\.^$*+?(){}|\-])', '\\\1')
        END;
    END LOOP;
    -- Between two characters a tag may open or close, and a soft hyphen may stand. A name is
    -- removed where it stands as a word, and never out of the inside of a tag.
    RETURN CASE WHEN whole_words AND btrim(needle) ~ '^\w' THEN '\m' ELSE '' END
        || array_to_string(parts, '(?:<[^>]*>|\u00ad|&shy;)*')
        || CASE WHEN whole_words AND btrim(needle) ~ '\w$' THEN '\M' ELSE '' END;
END
$$;
"""

CLEAN = r"""
CREATE FUNCTION meetings_redacted(
    original text, pattern text, placeholder text, within_tags boolean
) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    found text;
    tags text;
    cleaned text := original;
    -- in HTML a name may look like a tag; a code never does, and may stand in an address
    outside text := CASE WHEN NOT within_tags AND original ~ '</?(p|ul|ol|li|table)[ >]'
                         THEN '(?![^<>]*>)' ELSE '' END;
BEGIN
    FOR found IN
        SELECT DISTINCT m[1]
        FROM regexp_matches(original, '(' || pattern || ')' || outside, 'gi') AS m
    LOOP
        -- tags that opened or closed in the middle stay, so that the HTML stays whole
        SELECT coalesce(string_agg(t[1], ''), '') INTO tags
        FROM regexp_matches(found, '(<[^>]*>)', 'g') AS t;
        cleaned := regexp_replace(
            cleaned,
            '(?:' || regexp_replace(found, '([][\\.^$*+?(){}|\-])', '\\\1', 'g') || ')' || outside,
            replace(placeholder || tags, '\', '\\'), 'g');
    END LOOP;
    RETURN cleaned;
END
$$;
"""

# Codes of our own, in the documents' data and in marks: no person's words, so they stay.
CODES = (
    "schema kind type language id line copy number due effective mode role visibility reason "
    "starts_at ends_at shared_at approved_at at"
)
CLEAN_JSON = rf"""
CREATE FUNCTION meetings_redacted_json(
    original jsonb, pattern text, placeholder text, within_tags boolean
) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE jsonb_typeof(original)
        WHEN 'string' THEN to_jsonb(
            meetings_redacted(original #>> '{{}}', pattern, placeholder, within_tags))
        WHEN 'array' THEN (
            SELECT coalesce(
                jsonb_agg(meetings_redacted_json(value, pattern, placeholder, within_tags) ORDER BY place), '[]')
            FROM jsonb_array_elements(original) WITH ORDINALITY AS e (value, place))
        WHEN 'object' THEN (
            SELECT coalesce(jsonb_object_agg(key, CASE
                WHEN key = ANY (string_to_array('{CODES}', ' ')) AND jsonb_typeof(value) = 'string'
                THEN value ELSE meetings_redacted_json(value, pattern, placeholder, within_tags) END), '{{}}')
            FROM jsonb_each(original))
        ELSE original
    END
$$;
"""  # noqa: S608  made of the constants above

# Columns that hold codes, keys and sums, in every room.
CODE_COLUMNS = (
    "id line_id key state kind language document_type mode role visibility audience format sha256 "
    "slug due seat language_status levels owner_set content content_type pgh_label password email"
)

REDACT = rf"""
CREATE PROCEDURE meetings_redact(
    p_meeting bigint, p_needle text, p_placeholder text, p_kind text, p_reason text,
    p_at timestamptz, p_by bigint,
    INOUT redaction_id bigint, INOUT changed_versions bigint[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_pattern text := meetings_redaction_pattern(p_needle, p_kind = 'name');
    v_everywhere boolean := p_kind = 'identity_code';
    v_items text := format('SELECT id FROM meetings_agendaitem WHERE meeting_id = %s', p_meeting);
    v_actions text;
    v_scope jsonb;
    v_table text;
    v_where text;
    v_sets text;
    v_hits text;
    v_count bigint;
    v_hit bigint[];
    v_stale bigint[] := '{{}}';
    v_places bigint := 0;
BEGIN
    IF length(btrim(p_needle)) < 3 OR p_placeholder NOT IN ('[poistettu]', '[borttaget]', '[removed]')
    THEN
        RAISE EXCEPTION 'nothing to redact' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- An identity code is one person's wherever it stands; other text is meant in this meeting.
    IF v_everywhere AND p_needle !~* '^\d{{6}}[-+A-FU-Y]\d{{3}}[0-9A-Y]$' THEN
        RAISE EXCEPTION 'not an identity code' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_actions := format(
        'SELECT action_id FROM meetings_mark WHERE action_id IS NOT NULL AND item_id IN (%s)', v_items);
    v_scope := jsonb_build_object(
        'meetings_meeting', format('id = %s', p_meeting),
        'meetings_meetingevent', format('pgh_obj_id = %s', p_meeting),
        'meetings_agendaitem', format('meeting_id = %s', p_meeting),
        'meetings_agendaitemevent', format('meeting_id = %s', p_meeting),
        'meetings_attendance', format('meeting_id = %s', p_meeting),
        'meetings_attendanceevent', format('meeting_id = %s', p_meeting),
        'meetings_importsource', format('meeting_id = %s', p_meeting),
        'meetings_documentversion', format('meeting_id = %s', p_meeting),
        'meetings_line', format('item_id IN (%s)', v_items),
        'meetings_itemrevision', format('item_id IN (%s)', v_items),
        'meetings_mark', format('item_id IN (%s)', v_items),
        'meetings_markevent', format('item_id IN (%s)', v_items),
        'meetings_attachment', format('item_id IN (%s)', v_items),
        'meetings_attachmentevent', format('item_id IN (%s)', v_items),
        'actions_actionitem', format('id IN (%s)', v_actions),
        'actions_actionitemevent', format('pgh_obj_id IN (%s)', v_actions),
        'actions_origin', format(
            'id IN (SELECT origin_id FROM actions_actionitem WHERE id IN (%s))', v_actions),
        'actions_originevent', format(
            'pgh_obj_id IN (SELECT origin_id FROM actions_actionitem WHERE id IN (%s))', v_actions),
        'actions_assignment', format(
            'owner_id IN (SELECT id FROM actions_owner WHERE action_id IN (%s))', v_actions),
        'actions_assignmentevent', format(
            'owner_id IN (SELECT id FROM actions_owner WHERE action_id IN (%s))', v_actions)
    );
    changed_versions := '{{}}';
    FOR v_table IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND c.relname ~ '^(core|directory|actions|meetings|networks|plans)_'
        ORDER BY c.relname
    LOOP
        v_where := CASE WHEN v_everywhere THEN 'true' ELSE v_scope ->> v_table END;
        CONTINUE WHEN v_where IS NULL;
        -- every text and JSON of the table, its codes, keys and sums left alone
        SELECT string_agg(format('%1$I = %2$s', attname, cleaned), ', '),
               string_agg(format('%1$I IS DISTINCT FROM %2$s', attname, cleaned), ' OR ')
        INTO v_sets, v_hits
        FROM pg_attribute, LATERAL (SELECT CASE
            WHEN atttypid = 'jsonb'::regtype
            THEN format('meetings_redacted_json(%I, $1, $2, $3)', attname)
            WHEN atttypid IN ('text[]'::regtype, 'varchar[]'::regtype)
            THEN format('ARRAY(SELECT meetings_redacted(one, $1, $2, $3) FROM unnest(%I) one)::%s',
                        attname, format_type(atttypid, atttypmod))
            ELSE format('meetings_redacted(%I, $1, $2, $3)', attname)
            END AS cleaned) AS c
        WHERE attrelid = v_table::regclass AND attnum > 0 AND NOT attisdropped
          AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype,
                           'text[]'::regtype, 'varchar[]'::regtype)
          AND attname <> ALL (string_to_array('{CODE_COLUMNS}', ' '));
        CONTINUE WHEN v_sets IS NULL;
        IF v_table = 'meetings_documentversion' THEN
            EXECUTE format('SELECT coalesce(array_agg(id), ''{{}}'') FROM %I WHERE (%s) AND (%s)',
                           v_table, v_where, v_hits)
                INTO changed_versions USING v_pattern, p_placeholder, v_everywhere;
        ELSIF v_table IN ('meetings_agendaitem', 'meetings_itemrevision') THEN
            EXECUTE format('SELECT coalesce(array_agg(DISTINCT %I), ''{{}}'') FROM %I WHERE (%s) AND (%s)',
                           CASE v_table WHEN 'meetings_agendaitem' THEN 'id' ELSE 'item_id' END,
                           v_table, v_where, v_hits)
                INTO v_hit USING v_pattern, p_placeholder, v_everywhere;
            v_stale := v_stale || v_hit;
        END IF;
        EXECUTE format('UPDATE %I SET %s WHERE (%s) AND (%s)', v_table, v_sets, v_where, v_hits)
            USING v_pattern, p_placeholder, v_everywhere;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_places := v_places + v_count;
    END LOOP;
    -- A browser that still holds the old text may not merge it back in: the cleaned text is a
    -- revision of its own, and nothing older is a base any more.
    UPDATE meetings_agendaitem SET revision = revision + 1, redacted_revision = revision + 1
    WHERE id = ANY (v_stale);
    INSERT INTO meetings_itemrevision (item_id, number, token, body, marks, conflicts, by_id, at)
    SELECT id, revision, gen_random_uuid(), body, marks, '[]', p_by, p_at
    FROM meetings_agendaitem WHERE id = ANY (v_stale);
    DELETE FROM meetings_rendition WHERE version_id = ANY (changed_versions);
    INSERT INTO meetings_redaction (meeting_id, kind, reason, places, redacted_at, redacted_by_id)
    VALUES (p_meeting, p_kind, p_reason, v_places, p_at, p_by)
    RETURNING id INTO redaction_id;
END
$$;
"""  # noqa: S608  made of the constants above

# Each is for the app's role alone, besides the owner (core.frozen grants).
REVOKE = """
REVOKE ALL ON FUNCTION meetings_redaction_pattern(text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION meetings_redacted_json(jsonb, text, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION meetings_redacted(text, text, text, boolean) FROM PUBLIC;
REVOKE ALL ON PROCEDURE meetings_redact(
    bigint, text, text, text, text, timestamptz, bigint, bigint, bigint[]) FROM PUBLIC;
"""
UNDO = """
DROP PROCEDURE meetings_redact(
    bigint, text, text, text, text, timestamptz, bigint, bigint, bigint[]);
DROP FUNCTION meetings_redacted_json(jsonb, text, text, boolean);
DROP FUNCTION meetings_redacted(text, text, text, boolean);
DROP FUNCTION meetings_redaction_pattern(text, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [migrations.RunSQL([PATTERN, CLEAN, CLEAN_JSON, REDACT, REVOKE], UNDO)]

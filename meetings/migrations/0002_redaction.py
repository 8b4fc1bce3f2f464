"""The one way into what is frozen: a procedure of the tables' owner that removes and logs.

It can do nothing but replace the given text, wherever it stands, by a fixed word, and drop the
renditions made from what it changed (the app adds new ones in the same transaction). The text is
found also where formatting cuts it in the middle, and in JSON and HTML escapes.
"""

from django.db import migrations

PATTERN = r"""
CREATE FUNCTION meetings_redaction_pattern(needle text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    one text;
    parts text[] := '{}';
BEGIN
    FOREACH one IN ARRAY regexp_split_to_array(regexp_replace(btrim(needle), '\s+', ' ', 'g'), '')
    LOOP
        parts := parts || CASE one
            WHEN ' ' THEN '(?:\s|\u00a0|&nbsp;)+'
            WHEN '&' THEN '&(?:amp;)?'
            WHEN '<' THEN '(?:<|&lt;)'
            WHEN '>' THEN '(?:>|&gt;)'
            WHEN '"' THEN '(?:\\?"|&quot;)'
            ELSE regexp_replace(one, '([][\\.^$*+?(){}|\-])', '\\\1')
        END;
    END LOOP;
    -- between two characters a tag may open or close, and a soft hyphen may stand
    RETURN array_to_string(parts, '(?:<[^>]*>|\u00ad|&shy;)*');
END
$$;
"""

CLEAN = r"""
CREATE FUNCTION meetings_redacted(original text, pattern text, placeholder text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    found text;
    tags text;
    cleaned text := original;
BEGIN
    FOR found IN
        SELECT DISTINCT m[1] FROM regexp_matches(original, '(' || pattern || ')', 'gi') AS m
    LOOP
        -- tags that opened or closed in the middle stay, so that the HTML stays whole
        SELECT coalesce(string_agg(t[1], ''), '') INTO tags
        FROM regexp_matches(found, '(<[^>]*>)', 'g') AS t;
        cleaned := replace(cleaned, found, placeholder || tags);
    END LOOP;
    RETURN cleaned;
END
$$;
"""


REDACT = r"""
CREATE PROCEDURE meetings_redact(
    p_meeting bigint, p_needle text, p_placeholder text, p_kind text, p_reason text,
    p_at timestamptz, p_by bigint,
    INOUT redaction_id bigint, INOUT changed_versions bigint[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_pattern text := meetings_redaction_pattern(p_needle);
    v_everywhere boolean := p_kind = 'identity_code';
    v_items text := format('SELECT id FROM meetings_agendaitem WHERE meeting_id = %s', p_meeting);
    v_actions text;
    v_scope jsonb;
    v_table text;
    v_where text;
    v_sets text;
    v_hits text;
    v_count bigint;
    v_places bigint := 0;
BEGIN
    IF length(btrim(p_needle)) < 3 OR p_placeholder NOT IN ('[poistettu]', '[borttaget]', '[removed]')
    THEN
        RAISE EXCEPTION 'nothing to redact' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- An identity code is one person's wherever it stands; other text is meant in this meeting.
    IF v_everywhere AND p_needle !~* '^\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]$' THEN
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
    changed_versions := '{}';
    FOR v_table IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND c.relname ~ '^(core|directory|actions|meetings|networks|plans)_'
        ORDER BY c.relname
    LOOP
        v_where := CASE WHEN v_everywhere THEN 'true' ELSE v_scope ->> v_table END;
        CONTINUE WHEN v_where IS NULL;
        -- every text, JSON and list of texts of the table, keys left alone
        SELECT string_agg(format('%1$I = meetings_redacted(%1$I::text, $1, $2)::%2$s',
                                 attname, format_type(atttypid, atttypmod)), ', '),
               string_agg(format('%I::text ~* $1', attname), ' OR ')
        INTO v_sets, v_hits
        FROM pg_attribute
        WHERE attrelid = v_table::regclass AND attnum > 0 AND NOT attisdropped
          AND (atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype,
                            'text[]'::regtype, 'varchar[]'::regtype))
          AND NOT (v_table = 'meetings_line' AND attname = 'id');
        CONTINUE WHEN v_sets IS NULL;
        IF v_table = 'meetings_documentversion' THEN
            EXECUTE format('SELECT coalesce(array_agg(id), ''{}'') FROM %I WHERE (%s) AND (%s)',
                           v_table, v_where, v_hits)
                INTO changed_versions USING v_pattern;
        END IF;
        EXECUTE format('UPDATE %I SET %s WHERE (%s) AND (%s)', v_table, v_sets, v_where, v_hits)
            USING v_pattern, p_placeholder;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_places := v_places + v_count;
    END LOOP;
    DELETE FROM meetings_rendition WHERE version_id = ANY (changed_versions);
    INSERT INTO meetings_redaction (meeting_id, kind, reason, places, redacted_at, redacted_by_id)
    VALUES (p_meeting, p_kind, p_reason, v_places, p_at, p_by)
    RETURNING id INTO redaction_id;
END
$$;
"""

# Each is for the app's role alone, besides the owner (core.frozen grants).
REVOKE = """
REVOKE ALL ON FUNCTION meetings_redaction_pattern(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION meetings_redacted(text, text, text) FROM PUBLIC;
REVOKE ALL ON PROCEDURE meetings_redact(
    bigint, text, text, text, text, timestamptz, bigint, bigint, bigint[]) FROM PUBLIC;
"""
UNDO = """
DROP PROCEDURE meetings_redact(
    bigint, text, text, text, text, timestamptz, bigint, bigint, bigint[]);
DROP FUNCTION meetings_redacted(text, text, text);
DROP FUNCTION meetings_redaction_pattern(text);
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [migrations.RunSQL([PATTERN, CLEAN, REDACT, REVOKE], UNDO)]

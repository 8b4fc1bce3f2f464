-- The two roles and the database (docs/adr/0002-two-roles.md). Once, as the server's superuser, with
-- the passwords in the environment:
--   OWNER_PASSWORD=… APP_PASSWORD=… psql -f deploy/roles.sql
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

-- Owns the tables and runs migrations. One that waits longer than this for a table that people use
-- fails and changes nothing, instead of stopping them (docs/adr/0014-migrations.md).
CREATE ROLE yhteispoyta_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE yhteispoyta_owner SET lock_timeout = '5s';

-- What the app connects as. Each migrate gives it the rights that it needs, and no more.
CREATE ROLE yhteispoyta_app LOGIN PASSWORD :'app_password';

CREATE DATABASE yhteispoyta OWNER yhteispoyta_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE yhteispoyta FROM PUBLIC;
GRANT CONNECT ON DATABASE yhteispoyta TO yhteispoyta_app;

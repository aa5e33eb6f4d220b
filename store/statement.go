package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"
)

// statement is a prepared statement of the connection that writes. It talks to
// the driver itself: what database/sql adds costs more than the insert.
type statement struct {
	stmt *sqlite3.SQLiteStmt
	args []driver.NamedValue
}

func prepare(conn *sqlite3.SQLiteConn, query string) (*statement, error) {
	prepared, err := conn.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("preparing %q: %w", query, err)
	}
	s := &statement{stmt: prepared.(*sqlite3.SQLiteStmt)}
	s.args = make([]driver.NamedValue, s.stmt.NumInput())
	for i := range s.args {
		s.args[i].Ordinal = i + 1
	}
	return s, nil
}

// preparer prepares the statements of a connection and closes them in the end:
// SQLite keeps a connection open while it has statements. Its first error stays.
type preparer struct {
	conn *sqlite3.SQLiteConn
	all  []*statement
	err  error
}

func (p *preparer) prepare(query string) *statement {
	s, err := prepare(p.conn, query)
	if err != nil {
		p.err = errors.Join(p.err, err)
		return nil
	}
	p.all = append(p.all, s)
	return s
}

func (p *preparer) integer(query string) int64 {
	n, err := queryInt(p.conn, query)
	p.err = errors.Join(p.err, err)
	return n
}

// close closes statements and connection; the second time it does nothing.
func (p *preparer) close() error {
	var err error
	for _, s := range p.all {
		err = errors.Join(err, s.stmt.Close())
	}
	p.all = nil
	return errors.Join(err, p.conn.Close())
}

func (s *statement) bind(values []driver.Value) {
	if len(values) != len(s.args) {
		panic(fmt.Sprintf("a statement of %d parameters was given %d", len(s.args), len(values)))
	}
	for i, v := range values {
		s.args[i].Value = v
	}
}

// exec runs the statement and returns how many rows it changed. It keeps no
// reference to the values.
func (s *statement) exec(values ...driver.Value) (int64, error) {
	s.bind(values)
	result, err := s.stmt.ExecContext(context.Background(), s.args)
	for i := range s.args {
		s.args[i].Value = nil
	}
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// each calls f with every row; the slice is used again for the next.
func (s *statement) each(f func(row []driver.Value) error, values ...driver.Value) error {
	s.bind(values)
	rows, err := s.stmt.QueryContext(context.Background(), s.args)
	if err != nil {
		return err
	}
	row := make([]driver.Value, len(rows.Columns()))
	for {
		err := rows.Next(row)
		if errors.Is(err, io.EOF) {
			return rows.Close()
		}
		if err == nil {
			err = f(row)
		}
		if err != nil {
			return errors.Join(err, rows.Close())
		}
	}
}

// queryOne returns the first column of the first row, or nil.
func queryOne(conn *sqlite3.SQLiteConn, query string, values ...driver.Value) (driver.Value, error) {
	s, err := prepare(conn, query)
	if err != nil {
		return nil, err
	}
	defer s.stmt.Close()
	var first driver.Value
	n := 0
	err = s.each(func(row []driver.Value) error {
		if n == 0 {
			first = row[0]
		}
		n++
		return nil
	}, values...)
	return first, err
}

func queryInt(conn *sqlite3.SQLiteConn, query string, values ...driver.Value) (int64, error) {
	v, err := queryOne(conn, query, values...)
	n, _ := v.(int64) // NULL and no row count as 0
	return n, err
}

func queryText(conn *sqlite3.SQLiteConn, query string, values ...driver.Value) (string, error) {
	v, err := queryOne(conn, query, values...)
	text, _ := v.(string)
	return text, err
}

// execute runs a statement once.
func execute(conn *sqlite3.SQLiteConn, query string, values ...driver.Value) (int64, error) {
	result, err := conn.Exec(query, values)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// rollback ends a failed transaction, where SQLite has not done so by itself.
func rollback(conn *sqlite3.SQLiteConn) error {
	if conn.AutoCommit() {
		return nil
	}
	_, err := conn.Exec("ROLLBACK", nil)
	return err
}

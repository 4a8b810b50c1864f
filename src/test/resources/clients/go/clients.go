// Program clients: lib/pq by database/sql, and pgx v4. The variant is pq, pgx (prepared, binary) or pgx-simple.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
	"github.com/lib/pq"
)

const (
	nation = "select count(*) from sf1.nation where "
	orders = "select count(*) from tiny.orders where "
	long   = "select count(*) from sf100.lineitem"
	many   = "select orderkey, totalprice from tiny.orders"
)

// driver is what both drivers can do; a cancel and many rows are each one's own.
type driver interface {
	texts(query string, values ...interface{}) ([]string, error)
	exec(query string) error
	rows(add func(key int64, price float64)) error
	cancel() error
}

func main() {
	ctx := context.Background()
	var d driver
	if os.Args[1] == "pq" {
		db, err := sql.Open("postgres", "")
		check(err)
		// One connection, since transactions are begun by statements.
		connection, err := db.Conn(ctx)
		check(err)
		d = pqDriver{db, connection}
	} else {
		config, err := pgx.ParseConfig("")
		check(err)
		config.PreferSimpleProtocol = os.Args[1] == "pgx-simple"
		connection, err := pgx.ConnectConfig(ctx, config)
		check(err)
		defer connection.Close(ctx)
		d = pgxDriver{connection}
	}
	parts := map[string]func(driver){
		"browse": browse, "parameters": parameters, "rows": rows, "error": failure, "cancel": cancel,
	}
	for _, part := range os.Args[2:] {
		parts[part](d)
	}
}

func browse(d driver) {
	schemas := all(d, "select schema_name from information_schema.schemata"+
		" where schema_name ~ $1", "^sf|^tiny$")
	sort.Strings(schemas)
	fmt.Println("browse schemas", strings.Join(schemas, " "))
	tables := all(d, "select table_name from information_schema.tables where table_schema = $1", "tiny")
	sort.Strings(tables)
	fmt.Println("browse tables", strings.Join(tables, " "))
	const columns = " from information_schema.columns where table_schema = 'sf1' and table_name = $1" +
		" order by ordinal_position"
	fmt.Println("browse columns", strings.Join(all(d, "select column_name"+columns, "nation"), " "))
	fmt.Println("browse types", strings.Join(all(d, "select data_type"+columns, "nation"), ","))
}

func parameters(d driver) {
	day := time.Date(1992, 2, 1, 0, 0, 0, 0, time.UTC)
	fmt.Println("parameters text", one(d, nation+"name = $1", "FRANCE"))
	fmt.Println("parameters bigint", one(d, "select name from sf1.nation where nationkey = $1", int64(6)))
	fmt.Println("parameters date", one(d, orders+"orderdate < $1", day))
	fmt.Println("parameters numeric", one(d, orders+"totalprice > $1::numeric", "250000.50"))
	fmt.Println("parameters null", one(d, nation+"name = $1", nil))
	fmt.Println("parameters boolean", one(d, nation+"(regionkey = 1) = $1", true))
	fmt.Println("parameters float", one(d, orders+"totalprice < $1", 1000.5))
	fmt.Println("parameters timestamp", one(d, orders+"orderdate < $1::timestamp", day.Add(12*time.Hour)))
	var keys interface{} = []int64{1, 2, 3}
	if os.Args[1] == "pq" {
		keys = pq.Array(keys)
	}
	fmt.Println("parameters array", one(d, nation+"nationkey = any($1)", keys))
	fmt.Println("parameters bytea", one(d, nation+"convert_to(name, 'UTF8') = $1", []byte("FRANCE")))
}

func rows(d driver) {
	var count, keys, cents int64
	check(d.rows(func(key int64, price float64) {
		count++
		keys += key
		cents += int64(math.Round(price * 100))
	}))
	fmt.Println("rows", count, keys, cents)
}

func failure(d driver) {
	fmt.Println("error", fails(d, "select nosuch from sf1.nation"))
	fmt.Println("error after", one(d, "select count(*) from sf1.nation"))
	check(d.exec("begin"))
	fmt.Println("error inside", fails(d, "select nosuch from sf1.nation"))
	fmt.Println("error failed", fails(d, "select count(*) from sf1.nation"))
	check(d.exec("rollback"))
	fmt.Println("error rolled-back", one(d, "select count(*) from sf1.nation"))
}

func cancel(d driver) {
	begin := time.Now()
	fmt.Println("cancel", sqlState(d.cancel()))
	if took := time.Since(begin); took > 7*time.Second {
		fmt.Println("cancel took", took)
	}
	fmt.Println("cancel after", one(d, "select count(*) from sf1.region"))
}

func all(d driver, query string, values ...interface{}) []string {
	texts, err := d.texts(query, values...)
	check(err)
	return texts
}

func one(d driver, query string, values ...interface{}) string {
	return all(d, query, values...)[0]
}

func fails(d driver, query string) string {
	_, err := d.texts(query)
	return sqlState(err)
}

func sqlState(err error) string {
	var ofPq *pq.Error
	var ofPgx *pgconn.PgError
	if errors.As(err, &ofPq) {
		return string(ofPq.Code)
	}
	if errors.As(err, &ofPgx) {
		return ofPgx.Code
	}
	return fmt.Sprint(err)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type pqDriver struct {
	db         *sql.DB
	connection *sql.Conn
}

func (d pqDriver) texts(query string, values ...interface{}) ([]string, error) {
	rows, err := d.connection.QueryContext(context.Background(), query, values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var texts []string
	for rows.Next() {
		var value interface{}
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		if bytes, ok := value.([]byte); ok {
			value = string(bytes)
		}
		texts = append(texts, fmt.Sprint(value))
	}
	return texts, rows.Err()
}

func (d pqDriver) exec(query string) error {
	_, err := d.connection.ExecContext(context.Background(), query)
	return err
}

func (d pqDriver) rows(add func(int64, float64)) error {
	rows, err := d.connection.QueryContext(context.Background(), many)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		var price float64
		if err := rows.Scan(&key, &price); err != nil {
			return err
		}
		add(key, price)
	}
	return rows.Err()
}

// On a connection of its own: lib/pq gives up a connection whose context ended.
func (d pqDriver) cancel() error {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	return d.db.QueryRowContext(ctx, long).Scan(new(int64))
}

type pgxDriver struct{ connection *pgx.Conn }

func (d pgxDriver) texts(query string, values ...interface{}) ([]string, error) {
	rows, err := d.connection.Query(context.Background(), query, values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var texts []string
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return nil, err
		}
		texts = append(texts, fmt.Sprint(row[0]))
	}
	return texts, rows.Err()
}

func (d pgxDriver) exec(query string) error {
	_, err := d.connection.Exec(context.Background(), query)
	return err
}

func (d pgxDriver) rows(add func(int64, float64)) error {
	ctx := context.Background()
	transaction, err := d.connection.Begin(ctx)
	if err != nil {
		return err
	}
	if err := d.exec("declare many cursor for " + many); err != nil {
		return err
	}
	for {
		rows, err := d.connection.Query(ctx, "fetch 1000 from many")
		if err != nil {
			return err
		}
		fetched := 0
		for rows.Next() {
			var key int64
			var price float64
			if err := rows.Scan(&key, &price); err != nil {
				return err
			}
			add(key, price)
			fetched++
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if fetched == 0 {
			return transaction.Commit(ctx)
		}
	}
}

// With a context that ends pgx would close the connection.
func (d pgxDriver) cancel() error {
	go func() {
		time.Sleep(2 * time.Second)
		check(d.connection.PgConn().CancelRequest(context.Background()))
	}()
	_, err := d.texts(long)
	return err
}

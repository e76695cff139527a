import Foundation

/// A program of its own that has a database open: a short Python script that obeys one line at a time.
package final class DatabaseOwner {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts `script`, which answers every line that it reads with one line.
    package init(_ script: String, _ arguments: [String]) throws {
        self.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Whatever happens to the test, the program ends by itself.
        self.process.arguments = ["timeout", "60", "python3", "-u", "-c", script] + arguments
        self.process.standardInput = self.input
        self.process.standardOutput = self.output
        try self.process.run()
    }

    package func answer() -> String {
        var line: [UInt8] = []
        while let byte = try? self.output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }

    @discardableResult
    package func ask(_ line: String) -> String {
        try? self.input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
        return self.answer()
    }

    /// Ends the program: it leaves when there is nothing more to read.
    package func end() {
        try? self.input.fileHandleForWriting.close()
        self.process.waitUntilExit()
    }

    /// Executes what it is told on one connection; `close` and `open` end and begin that.
    package static let obedient = """
        import sqlite3, sys, os
        path = sys.argv[1]
        db = sqlite3.connect(path, isolation_level=None)
        for line in sys.stdin:
            line = line.strip()
            try:
                if line == 'close': db.close()
                elif line == 'open': db = sqlite3.connect(path, isolation_level=None)
                elif line == 'die': print('ok', flush=True); os._exit(9)
                else: db.execute(line).fetchall()
                print('ok', flush=True)
            except Exception as e: print(e, flush=True)
        """

    /// Moves amounts between rows for ever, so that their sum stays the same in every state that was ever committed;
    /// folds the log back, starts it anew, and closes and opens the database again and again.
    package static let busy = """
        import sqlite3, sys, time, random
        path, seconds = sys.argv[1], float(sys.argv[2])
        def connect():
            db = sqlite3.connect(path, isolation_level=None, timeout=5)
            db.execute('PRAGMA journal_mode=WAL'); db.execute('PRAGMA wal_autocheckpoint=20')
            return db
        db = connect()
        db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, pad BLOB)')
        db.execute('BEGIN')
        for i in range(200): db.execute('INSERT INTO t VALUES (?, 100, randomblob(900))', (i,))
        db.execute('COMMIT')
        print('ready', flush=True)
        end, k = time.time() + seconds, 0
        while time.time() < end:
            k += 1
            db.execute('BEGIN IMMEDIATE')
            for _ in range(6):
                a, b, n = random.randrange(200), random.randrange(200), random.randrange(9)
                db.execute('UPDATE t SET n = n - ?, pad = randomblob(900) WHERE id = ?', (n, a))
                db.execute('UPDATE t SET n = n + ?, pad = randomblob(900) WHERE id = ?', (n, b))
            db.execute('COMMIT')
            if k % 25 == 0: db.execute('PRAGMA wal_checkpoint(RESTART)').fetchall()
            if k % 60 == 0: db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()
            if k % 90 == 0: db.close(); db = connect()
        db.close()
        print('done %d' % k, flush=True)
        """
}

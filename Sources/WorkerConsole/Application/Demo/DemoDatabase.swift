/// What the demo's database holds: the tables of a résumé site and some hundreds of rows.
enum DemoDatabase {
    static let people: [String] = ["张", "王", "李", "赵", "陈", "刘", "欧阳"].flatMap { family in
        ["三", "伟", "秀英", "敏", "静", "建国"].map { family + $0 }
    }
    private static let cities = ["上海", "北京", "深圳", "杭州", "成都"]
    private static let titles = ["后端工程师", "前端工程师", "产品经理", "数据分析师", "UI 设计师", "运维工程师"]

    static func statements() -> [String] {
        self.notes() + self.migrations.flatMap(\.statements) + self.users() + self.resumes() + self.files()
    }

    /// A file of the project, and what it does to the database.
    struct Migration {
        let name: String
        let appliedAt: String
        let statements: [String]

        /// What the file holds.
        var text: String { self.statements.map { $0 + ";\n" }.joined() }
    }

    static let migrations = [
        Migration(
            name: "0001_users.sql", appliedAt: "2025-11-02 08:00:00",
            statements: [
                """
                CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, city TEXT,
                  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
                """
            ]),
        Migration(
            name: "0002_resumes.sql", appliedAt: "2025-11-09 08:00:00",
            statements: [
                """
                CREATE TABLE resumes (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id),
                  title TEXT NOT NULL, summary TEXT, salary REAL, photo BLOB, is_public INTEGER NOT NULL DEFAULT 0,
                  updated_at TEXT NOT NULL)
                """,
                "CREATE INDEX resumes_by_user ON resumes(user_id)",
                """
                CREATE VIEW public_resumes AS SELECT r.id, u.name, r.title FROM resumes r
                  JOIN users u ON u.id = r.user_id WHERE r.is_public = 1
                """,
            ]),
        Migration(
            name: "0003_files.sql", appliedAt: "2025-12-01 08:00:00",
            statements: [
                """
                CREATE TABLE uploads (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id),
                  key TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, content_type TEXT)
                """,
                "CREATE TABLE exports (id INTEGER PRIMARY KEY, key TEXT NOT NULL, rows INTEGER, finished_at TEXT)",
            ]),
    ]

    /// The table as wrangler makes it.
    private static func notes() -> [String] {
        let rows = self.migrations.map { "('\($0.name)', '\($0.appliedAt)')" }.joined(separator: ", ")
        return [
            """
            CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
              applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)
            """,
            "INSERT INTO d1_migrations (name, applied_at) VALUES \(rows)",
        ]
    }

    private static func users() -> [String] {
        self.people.enumerated().map { index, name in
            let city = index % 7 == 6 ? "NULL" : "'\(self.cities[index % self.cities.count])'"
            return "INSERT INTO users (id, name, email, city, created_at) VALUES (\(index + 1), '\(name)', "
                + "'user\(index + 1)@example.cn', \(city), '2025-11-\(10 + index % 20) 09:30:00')"
        }
    }

    private static func resumes() -> [String] {
        (1...360).map { id in
            let title = self.titles[id % self.titles.count]
            let photo = id % 4 == 0 ? "x'89504e470d0a1a0a'" : "NULL"
            let salary = id % 5 == 0 ? "NULL" : "\(12_000 + id * 37 % 20_000).5"
            return "INSERT INTO resumes VALUES (\(id), \(id % self.people.count + 1), '\(title)', "
                + "'\(id % 12 + 1) 年经验，熟悉团队协作。', \(salary), \(photo), \(id % 3 == 0 ? 1 : 0), "
                + "'2025-12-\(10 + id % 14) 12:00:00')"
        }
    }

    private static func files() -> [String] {
        let uploads = (1...120).map { id in
            "INSERT INTO uploads VALUES (\(id), \(id % self.people.count + 1), 'resumes/upload-\(id).pdf', "
                + "\(500 + id * 911), 'application/pdf')"
        }
        let exports = (7...12).map { month in
            "INSERT INTO exports VALUES (\(month), '2025/\(month < 10 ? "0" : "")\(month)/简历汇总.csv', "
                + "\(self.people.count), \(month == 12 ? "NULL" : "'2025-\(month < 10 ? "0" : "")\(month)-28 18:00:00'"))"
        }
        return uploads + exports
    }
}

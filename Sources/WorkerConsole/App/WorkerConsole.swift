import Application

@main
enum WorkerConsole {
    static func main() {
        Application.main()
    }
}

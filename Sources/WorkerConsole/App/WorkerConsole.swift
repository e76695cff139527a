import Application

@main
enum WorkerConsole {
    static func main() async {
        await Application.main()
    }
}

package engine

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// tcpListen is the state of a listening socket in /proc/net/tcp.
const tcpListen = "0A"

// portOwner names the process that listens on a TCP port of this machine, or
// "". It sees the processes of other users only as root.
func portOwner(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return ""
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if inode := listeningInode(table, number); inode != "" {
			return processWith("socket:[" + inode + "]")
		}
	}
	return ""
}

func listeningInode(table string, port int) string {
	file, err := os.Open(table)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // only read
	suffix := fmt.Sprintf(":%04X", port)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		// sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
		columns := strings.Fields(lines.Text())
		if len(columns) > 9 && columns[3] == tcpListen && strings.HasSuffix(columns[1], suffix) {
			return columns[9]
		}
	}
	return ""
}

func processWith(link string) string {
	descriptors, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, descriptor := range descriptors {
		if target, err := os.Readlink(descriptor); err != nil || target != link {
			continue
		}
		process := filepath.Dir(filepath.Dir(descriptor))
		name, err := os.ReadFile(filepath.Join(process, "comm"))
		if err != nil {
			return "process " + filepath.Base(process)
		}
		return fmt.Sprintf("%s (process %s)", strings.TrimSpace(string(name)), filepath.Base(process))
	}
	return ""
}
